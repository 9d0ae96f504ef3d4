gradient_norm(model[2]) < 1.001
