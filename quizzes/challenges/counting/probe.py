[count_trainable(model), count_all(model)]
