trainable(detector)
