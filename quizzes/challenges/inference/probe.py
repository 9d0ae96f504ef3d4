with_gradient(head)
