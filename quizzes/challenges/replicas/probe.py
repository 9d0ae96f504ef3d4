trainable(model.module)
