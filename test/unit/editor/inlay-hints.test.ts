import assert from 'node:assert/strict';
import { flagWrites } from '../../../src/editor/flag-writes.ts';
import { inlayHints } from '../../../src/editor/inlay-hints.ts';
import { headOnly, observe } from './observe.ts';

describe('inlay hints', () => {
  async function hinted(text: string): Promise<string[]> {
    const { program, wording } = await observe(text);
    return inlayHints(program.trace, wording).map(({ offset, text: shown, tooltip }) => {
      const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim();
      return `${line} → ${shown} (${tooltip})`;
    });
  }

  it('count what the statement of a loop reaches in all its rounds', async () => {
    assert.deepEqual(await hinted(headOnly), [
      'parameter.requires_grad = False → 62 tensors (Freezes 62 tensors · 11.7M parameters)',
      'parameter.requires_grad = True → 15 tensors (Unfreezes 15 tensors · 8.4M parameters)',
    ]);
  });

  it('count only those that pass the test of a loop', async () => {
    const text = `from torchvision import models
model = models.resnet18()
for name, parameter in model.named_parameters():
    parameter.requires_grad = name.startswith("fc")
    if "bn" in name:
        parameter.requires_grad_(False)
`;
    assert.deepEqual(await hinted(text), [
      'parameter.requires_grad = name.startswith("fc") → 62 tensors (Sets the flag of 62 tensors · 11.7M parameters)',
      'parameter.requires_grad_(False) → 34 tensors (Freezes 34 tensors · 7,808 parameters)',
    ]);
  });

  it('leave out what nobody can count', async () => {
    const text = `from helpers import build\nmodel = build()\nfor p in model.parameters():\n    p.requires_grad = False\n`;
    assert.deepEqual(await hinted(text), []);
    const { program } = await observe(text);
    assert.deepEqual(
      flagWrites(program.trace).map(({ effect, tensors }) => [effect, tensors]),
      [['freezes', null]],
    );
  });
});
