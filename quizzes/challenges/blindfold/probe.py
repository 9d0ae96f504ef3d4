moved(model, optimizer, torch.randn(2, 6))
