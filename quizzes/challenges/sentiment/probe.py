moved(model, optimizer, torch.randint(0, 200, (8, 12)))
