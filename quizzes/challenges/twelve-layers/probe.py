trainable(encoder.layer)
