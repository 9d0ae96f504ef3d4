import { rules } from '../../src/rules/registry.ts';

/** What PyTorch does with a program: the value of the probe, or the opening of the exception that it raises. */
export type Answer = { readonly measured: unknown } | { readonly raises: string };

/** A program that a rule reports, and how to see in PyTorch that the bug is there, and gone after the fix. */
export interface Proof {
  readonly code: string;
  readonly program: string;
  /**
   * Python that runs after the program, among its names; the last line is the value. `run_fixes.py` adds
   * `trainable(module)`, `held(optimizer, module)`, `moved(module, optimizer, input)`, ..., which name direct children.
   */
  readonly probe: string;
  /** The misbehaviour that the rule's page promises. */
  readonly before: Answer;
  /** The same under every fix that the rule offers. */
  readonly after: Answer;
}

const measured = (value: unknown): Answer => ({ measured: value });
const raises = (opening: string): Answer => ({ raises: opening });

/** The children of a torchvision ResNet that have parameters. */
const resnet = ['bn1', 'conv1', 'fc', 'layer1', 'layer2', 'layer3', 'layer4'];

/** The proof on the example of the rule's own page. */
function onPage(code: string, probe: string, before: Answer, after: Answer): Proof {
  const rule = rules.find((one) => one.code === code);
  if (!rule) throw new Error(`there is no rule ${code}`);
  return { code, program: rule.documentation.example, probe, before, after };
}

const images = 'torch.randn(2, 3, 64, 64)';

/** In the order of the registry's codes; a rule may have several. */
export const proofs: readonly Proof[] = [
  onPage('FRZ101', 'trainable(model)', measured(resnet), measured(['fc'])),
  onPage('FRZ102', 'trainable(layer)', measured(['bias', 'weight']), measured([])),
  onPage('FRZ103', 'trainable(layer)', measured(['bias', 'weight']), measured([])),
  onPage('FRZ104', 'trainable(layer)', measured(['bias', 'weight']), measured([])),
  onPage('FRZ105', 'trainable(emb)', measured(['weight']), measured([])),
  onPage('FRZ106', 'trainable(model)', measured(resnet), measured(['fc'])),
  onPage('FRZ107', '[trainable(model), model.training]', measured([resnet, true]), measured([[], false])),
  onPage('FRZ108', 'trainable', measured(10), measured(8)),
  onPage(
    'FRZ109',
    `net = Net()
net.freeze_bn()
[trainable(net), net.bn.training]`,
    raises("TypeError: 'bool' object is not callable"),
    measured([[], false]),
  ),
  onPage('FRZ201', 'trainable(model)', raises("TypeError: 'method' object is not iterable"), measured([])),
  onPage(
    'FRZ202',
    'trainable(model)',
    raises("TypeError: 'generator' object is not subscriptable"),
    measured(['fc']),
  ),
  onPage(
    'FRZ203',
    'trainable(model)',
    raises("AttributeError: 'tuple' object has no attribute 'requires_grad'"),
    measured([]),
  ),
  onPage(
    'FRZ204',
    'trainable(model)',
    raises('RuntimeError: requires_grad must be a bool'),
    measured(['fc', 'layer4']),
  ),
  onPage(
    'FRZ205',
    '[with_gradient(backbone), with_gradient(head)]',
    raises('RuntimeError: you can only change requires_grad flags of leaf variables'),
    measured([[], ['bias', 'weight']]),
  ),
  onPage('FRZ206', 'trainable(layer)', raises("TypeError: 'bool' object is not callable"), measured([])),
  onPage(
    'FRZ301',
    `moved(model, optimizer, ${images})`,
    raises('RuntimeError: element 0 of tensors does not require grad'),
    measured(['fc']),
  ),
  onPage(
    'FRZ302',
    'trainable(model)',
    measured(resnet),
    measured(resnet.filter((name) => name !== 'layer1')),
  ),
  {
    code: 'FRZ303',
    program: `from torch import nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.ModuleList([nn.Linear(4, 4) for _ in range(12)])


model = Encoder()
for name, param in model.named_parameters():
    if "layer.0" in name or "layer.1" in name:
        param.requires_grad = False
`,
    probe: 'trainable(model.layer)',
    before: measured(['2', '3', '4', '5', '6', '7', '8', '9']),
    after: measured(['10', '11', '2', '3', '4', '5', '6', '7', '8', '9']),
  },
  onPage(
    'FRZ304',
    'trainable(model)',
    measured(resnet),
    measured(resnet.filter((name) => name !== 'conv1' && name !== 'layer1')),
  ),
  {
    code: 'FRZ305',
    program: `import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
model[0].requires_grad_(False)
optimizer = torch.optim.SGD([p for p in model.parameters() if not p.requires_grad], lr=0.1)
model(torch.randn(3, 4)).sum().backward()
optimizer.step()
`,
    probe: 'moved(model, optimizer, torch.randn(3, 4))',
    before: measured([]),
    after: measured(['2']),
  },
  onPage('FRZ306', 'trainable(model)', measured(resnet), measured(['fc', 'layer4'])),
  onPage(
    'FRZ307',
    `import torch
moved(model, torch.optim.SGD(model.parameters(), lr=0.1), ${images})`,
    raises('RuntimeError: element 0 of tensors does not require grad'),
    measured(['fc']),
  ),
  onPage('FRZ308', 'trainable(Scale())', measured([]), measured(['alpha'])),
  onPage('FRZ309', 'trainable(model)', measured([]), measured(resnet)),
  onPage('FRZ401', 'moved(model, optimizer, torch.randn(3, 4))', measured(['2']), measured(['0', '2'])),
  {
    code: 'FRZ401',
    program: `import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
model[0].requires_grad_(False)
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.9**epoch)
for epoch in range(10):
    if epoch == 5:
        model[0].requires_grad_(True)
    optimizer.zero_grad()
    model(torch.randn(3, 4)).sum().backward()
    optimizer.step()
    scheduler.step()
`,
    probe: '[moved(model, optimizer, torch.randn(3, 4)), sorted(set(rates(optimizer)))]',
    before: measured([['2'], [0.034867844]]),
    after: measured([['0', '2'], [0.059049]]),
  },
  onPage(
    'FRZ402',
    `moved(model, optimizer, ${images})`,
    measured(resnet.filter((name) => name !== 'fc')),
    measured(resnet),
  ),
  {
    code: 'FRZ402',
    program: `import torch
from torch import nn
from torchvision import models

model = models.resnet18()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.9**epoch)
model.fc = nn.Linear(512, 3)
for epoch in range(3):
    model(torch.randn(2, 3, 64, 64)).sum().backward()
    optimizer.step()
    scheduler.step()
`,
    probe: '["fc" in held(optimizer, model), sorted(set(rates(optimizer)))]',
    before: measured([false, [0.0729]]),
    after: measured([true, [0.0729]]),
  },
  onPage('FRZ403', 'gradient_norm(model) < 1.001', measured(false), measured(true)),
  onPage(
    'FRZ404',
    'moved(model, optimizer, torch.randn(3, 4))',
    raises('ValueError: some parameters appear in more than one parameter group'),
    measured(['0', '2']),
  ),
  onPage('FRZ405', 'moved(model, optimizer, torch.randn(3, 4))', measured(['2']), measured(['0', '2'])),
  {
    code: 'FRZ405',
    program: `import torch
from torch import nn


def unfreeze(model, optimizer):
    model.requires_grad_(True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
model[0].requires_grad_(False)
optimizer = torch.optim.SGD(model[2].parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2)
for epoch in range(10):
    if epoch == 5:
        unfreeze(model, optimizer)
    optimizer.zero_grad()
    model(torch.randn(3, 4)).sum().backward()
    optimizer.step()
    scheduler.step()
`,
    probe: '[moved(model, optimizer, torch.randn(3, 4)), rates(optimizer)]',
    before: measured([['2'], [0.000001]]),
    after: measured([['0', '2'], [0.001]]),
  },
  onPage('FRZ406', 'rates(optimizer)', measured([0.1]), measured([0.001])),
  onPage('FRZ407', 'moved(model, optimizer, torch.randn(3, 4))', measured(['0', '2']), measured(['2'])),
  onPage('FRZ408', 'held(optimizer, model)', measured(resnet), measured(['fc'])),
  onPage('FRZ409', 'with_gradient(model)', measured(resnet), measured(['fc'])),
  onPage('FRZ501', 'with_gradient(model)', measured([]), measured(resnet)),
  onPage(
    'FRZ502',
    'moved(net, optimizer, torch.randn(2, 6))',
    measured(['head']),
    measured(['backbone', 'head']),
  ),
  onPage(
    'FRZ503',
    'with_gradient(head)',
    raises('RuntimeError: Inference tensors cannot be saved for backward'),
    measured(['bias', 'weight']),
  ),
  onPage('FRZ504', 'with_gradient(adapter)', measured([]), measured(['bias', 'weight'])),
  onPage('FRZ601', 'backbone.bn1.num_batches_tracked.item()', measured(3), measured(0)),
  onPage('FRZ602', 'backbone.bn1.num_batches_tracked.item()', measured(3), measured(0)),
  onPage('FRZ603', 'with_gradient(backbone)', measured(['0']), measured([])),
  onPage(
    'FRZ604',
    `import tempfile
store = "file://" + tempfile.mkdtemp() + "/store"
torch.distributed.init_process_group("gloo", init_method=store, rank=0, world_size=1)
try:
    train([(${images}, torch.tensor([0, 1]))] * 3)
finally:
    torch.distributed.destroy_process_group()
"trained"`,
    raises('RuntimeError: Expected to have finished reduction in the prior iteration'),
    measured('trained'),
  ),
  onPage('FRZ605', `list(model(${images}).shape)`, measured([2, 1000]), measured([2, 3])),
];

/** What PyTorch 1.13 in one process on a CPU cannot show. */
export const notShown: readonly { readonly code: string; readonly what: string; readonly reason: string }[] =
  [
    { code: 'FRZ901', what: 'all of it', reason: 'It reports a comment, which PyTorch never sees.' },
    { code: 'FRZ604', what: 'torch.compile', reason: 'It came with PyTorch 2.' },
    {
      code: 'FRZ604',
      what: 'an unfreeze after the wrap',
      reason: 'That the replicas drift apart takes two processes.',
    },
  ];
