import assert from 'node:assert/strict';
import { analyse } from '../../../../src/analysis/analyse.ts';
import type { Budget } from '../../../../src/analysis/running/budgets.ts';
import type { PythonParser } from '../../../../src/python/parser.ts';
import { testParser } from '../../python-parser.ts';

/** A program for each budget that spends it. */
const PROGRAMS: Partial<Record<Budget, string>> = {
  callDepth: [
    'import torch',
    ...Array.from({ length: 30 }, (_, index) => `def f${index}(m):\n    return f${index + 1}(m)`),
    'f0(torch.nn.Linear(1, 1))',
  ].join('\n'),
  recursion: 'import torch\ndef f(m):\n    return f(m)\nf(torch.nn.Linear(1, 1))',
  countedRounds: 'import torch\nlayers = []\nfor i in range(100):\n    if i > 3:\n        layers.append(i)',
  rangeLength: 'import torch\nnumbers = range(1000)',
  options: `import torch, settings
head = torch.nn.Linear(1, 1)
${[1, 2, 3, 4, 5].map((n) => `if settings.kind == ${n}:\n    head = torch.nn.Linear(1, ${n})`).join('\n')}`,
  parts: `import torch, settings
net = torch.nn.Sequential(*[torch.nn.Linear(1, 1) for _ in range(60)])
net[settings.index].requires_grad_(False)`,
  items: 'import torch\nnumbers = [0]\nfor _ in range(12):\n    numbers = numbers + numbers',
  textLength: "import torch\ntext = 'name'\nfor _ in range(12):\n    text = text + text",
  nameTests: `import torch, timm
model = timm.create_model('vit')
for name, p in model.named_parameters():
${[...'abcdefgh'].map((letter) => `    if '${letter}${letter}' in name:\n        p.requires_grad = False`).join('\n')}`,
  cases: `import torch, settings
net = torch.nn.Sequential(torch.nn.Linear(1, 1), torch.nn.Linear(1, 1))
${[1, 2, 3, 4, 5].map((n) => `if settings.kind${n}:\n    net[1] = torch.nn.Linear(1, ${n})`).join('\n')}
optimizer = torch.optim.SGD([p for p in net.parameters() if p.dim() > settings.least], lr=0.1)`,
};

describe('The budgets of the analysis', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  for (const [budget, text] of Object.entries(PROGRAMS)) {
    it(`notes where it runs out: ${budget}`, () => {
      const { exhaustions } = analyse(parser.parse(`${text}\n`));
      const spent = exhaustions.map((one) => one.budget);
      assert.ok(spent.includes(budget as Budget), spent.join(', ') || 'none');
    });
  }
});
