rates(optimizer)
