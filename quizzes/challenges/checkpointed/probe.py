[with_gradient(block), with_gradient(head)]
