moved(model, optimizer, torch.randn(2, 3, 64, 64))
