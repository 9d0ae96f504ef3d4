moved(net, optimizer, torch.randn(2, 1, 32, 32))
