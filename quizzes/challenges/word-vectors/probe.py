trainable(tagger)
