backbone.bn1.num_batches_tracked.item()
