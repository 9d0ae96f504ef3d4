list(model(torch.randn(2, 3, 64, 64)).shape)
