"""What a probe may ask of a program that has run."""
import torch


def children(module, accepts):
    """The direct children (or own parameters) of a module that have a parameter for which `accepts` holds."""
    return sorted({name.split(".")[0] for name, parameter in module.named_parameters() if accepts(parameter)})


def trainable(module):
    return children(module, lambda parameter: parameter.requires_grad)


def with_gradient(module):
    return children(module, lambda parameter: parameter.grad is not None)


def gradient_norm(module):
    return torch.cat([parameter.grad.flatten() for parameter in module.parameters()]).norm().item()


def held(optimizer, module):
    ids = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    return children(module, lambda parameter: id(parameter) in ids)


def rates(optimizer):
    return [round(group["lr"], 9) for group in optimizer.param_groups]


def moved(module, optimizer, *inputs):
    """What one more training step changes. Gradients are zeroed, not dropped, as PyTorch did before version 2."""
    was = {id(parameter): parameter.detach().clone() for parameter in module.parameters()}
    optimizer.zero_grad(set_to_none=False)
    module(*inputs).sum().backward()
    optimizer.step()
    return children(module, lambda parameter: not torch.equal(parameter, was[id(parameter)]))


HELPERS = (trainable, with_gradient, gradient_norm, held, rates, moved)
