import assert from 'node:assert/strict';
import { analyse } from '../../../src/analysis/analyse.ts';
import { rules } from '../../../src/rules/registry.ts';
import { CommandLine } from './command-line.ts';

/** Programs for frameworks that are not PyTorch, with everything in them that would be a bug there. */
const programs: Readonly<Record<string, string>> = {
  paddle: `import paddle
from paddle import nn
from paddle.vision.models import resnet18

model = resnet18(pretrained=True)
for param in model.parameters():
    param.trainable = False
    param.requires_grad = False
    param.require_grad = False
model.requires_grad = False
model.fc = nn.Linear(512, 10)
model.eval
optimizer = paddle.optimizer.Adam(learning_rate=1e-3, parameters=model.parameters)
params = filter(lambda p: p.requires_grad, model.parameters())
print(len(list(params)))
other = paddle.optimizer.Adam(parameters=params)
model(x).backward()
optimizer.step()
`,
  mindspore: `import mindspore
from mindspore import nn

net = nn.Dense(3, 4)
for param in net.get_parameters():
    param.requires_grad = False
    param.requires_grad == False
net.requires_grad = False
opt = nn.SGD(net.trainable_params(), 0.1)
for p in net.trainable_params():
    p.requires_grad(False)
`,
  tinygrad: `from tinygrad import Tensor, nn
from tinygrad.nn.optim import SGD
from tinygrad.nn.state import get_parameters

class Net:
    def __init__(self):
        self.l1 = nn.Linear(3, 4)
        self.l1.weight.requires_grad = False
        self.requires_grad = False

    def __call__(self, x):
        return self.l1(x)

net = Net()
opt = SGD(get_parameters(net), lr=0.1)
net.l1.requires_grad = False
for p in get_parameters(net):
    p.requires_grad = None
    p.require_grad = 1
x = Tensor([1.0]).detach()
x.requires_grad = True
loss = net(x).mean()
loss.requires_grad = True
loss.backward()
opt.step()
`,
  mxnet: `from mxnet import gluon
from mxnet.gluon import nn

net = gluon.model_zoo.vision.resnet18_v1(pretrained=True)
for p in net.collect_params().values():
    p.requires_grad = False
    p.require_grad = False
net.requires_grad = False
net.output = nn.Dense(10)
for p in net.parameters():
    p.requires_grad(False)
gluon.Trainer(net.collect_params(), 'sgd').step(1)
`,
  tensorflow: `import tensorflow as tf

base = tf.keras.applications.ResNet50()
base.trainable = False
for layer in base.layers:
    layer.requires_grad = False
    layer.require_grad = False
base.requires_grad = False
`,
  oneflow: `import oneflow as flow
import oneflow.nn as nn

net = nn.Linear(3, 4)
net.requires_grad = False
for p in net.parameters():
    p.require_grad = False
    p.requires_grad(False)
flow.optim.SGD(net.parameters(), lr=0.1).step()
`,
  homemade: `import numpy as np

class Tensor:
    def __init__(self, data, requires_grad=False):
        self.data = np.asarray(data)
        self.requires_grad = requires_grad
        self.require_grad = requires_grad

    def detach(self):
        return Tensor(self.data)

class Module:
    def parameters(self):
        return [v for v in self.__dict__.values() if isinstance(v, Tensor)]

    def requires_grad_(self, flag):
        for p in self.parameters():
            p.requires_grad = flag

class Linear(Module):
    def __init__(self, n, m):
        self.w = Tensor(np.zeros((n, m)), requires_grad=True)

class SGD:
    def __init__(self, params, lr):
        self.params = params

    def step(self):
        for p in self.params:
            p.data -= p.grad

net = Linear(3, 4)
net.requires_grad = False
net.w.detach().requires_grad = False
params = net.parameters()
print(len(net.parameters()), params[0])
opt = SGD(params, 0.1)
for p in params:
    p.requires_grad = False
opt.step()
SGD(params, 0.1).step()
`,
};

describe('freezelint check is silent on programs for', () => {
  let commandLine: CommandLine;
  beforeEach(async () => {
    commandLine = await CommandLine.create();
  });
  afterEach(async () => {
    await commandLine.remove();
  });

  const findings = async (text: string): Promise<string> => {
    await commandLine.write('a.py', text);
    const args = ['check', '--select', 'ALL', 'a.py'];
    const { stdout, stderr } = await commandLine.run(args, { engine: { analyse, rules } });
    assert.equal(stderr, '');
    return stdout;
  };
  const none = 'No problems found in 1 file.\n';

  for (const [framework, text] of Object.entries(programs)) {
    it(framework === 'homemade' ? 'classes of their own' : framework, async () => {
      assert.equal(await findings(`"""Ported from PyTorch: pytorch.org"""\n${text}`), none);
    });

    it(`${framework}, where PyTorch is imported as well`, async () => {
      assert.equal(await findings(`import torch\n${text}`), none);
    });
  }

  it('another framework, but not on what is certainly of PyTorch beside it', async () => {
    const text = `import tensorflow as tf
from torch import nn

layer = nn.Linear(4, 2)
layer.requires_grad = False
`;
    assert.match(await findings(text), /^a\.py:5:1: error FRZ101 /);
  });
});
