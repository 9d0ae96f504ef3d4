trainable(model)
