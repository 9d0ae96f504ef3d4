moved(model, optimizer, torch.randn(4, 10))
