with_gradient(model)
