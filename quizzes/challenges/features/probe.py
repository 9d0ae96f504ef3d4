[with_gradient(backbone), with_gradient(head)]
