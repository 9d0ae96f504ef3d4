import { ALONE } from '../../../src/analysis/program.ts';
import { ObservedProgram } from '../../../src/editor/observed-program.ts';
import type { Wording } from '../../../src/editor/wording.ts';
import { LineIndex } from '../../../src/python/positions.ts';
import { testParser } from '../python-parser.ts';

/** A program, and words about it in plain English in which `[line 3]` is a link. */
export async function observe(
  text: string,
): Promise<{ readonly program: ObservedProgram; readonly wording: Wording }> {
  const lines = new LineIndex(text);
  const program = new ObservedProgram((await testParser()).parse(text), ALONE);
  const wording: Wording = {
    translate: (message, ...args) => message.replace(/\{(\d)\}/g, (_, index) => String(args[Number(index)])),
    link: (shown) => `[${shown}]`,
    nameOfLine: ({ start }) => `line ${lines.positionAt(start).row + 1}`,
  };
  return { program, wording };
}

/** Freezes a ResNet but for its new head, and trains that. */
export const headOnly = `import torch
from torch import nn
from torchvision import models

model = models.resnet18()
for parameter in model.parameters():
    parameter.requires_grad = False
model.fc = nn.Linear(512, 10)
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
optimizer.step()
for parameter in model.layer4.parameters():
    parameter.requires_grad = True
optimizer.step()
`;
