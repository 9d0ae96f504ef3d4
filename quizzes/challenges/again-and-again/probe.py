moved(model, optimizer, torch.randn(3, 6))
