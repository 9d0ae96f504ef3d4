import assert from 'node:assert/strict';
import { freezeStatistics } from '../../../src/editor/freeze-statistics.ts';
import { gradualUnfreeze, insertSchedule } from '../../../src/editor/gradual-unfreeze.ts';
import { filterableOptimizers, rebuildableOptimizers } from '../../../src/editor/optimizer-edits.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';
import { applied, contextOf, verdictAtEnd, withCursor } from './gesture.ts';

const FROZEN = `import torch
from torch import nn
from torchvision import models

model = models.resnet18()
for param in model.parameters():
    param.requires_grad = False
model.fc = nn.Linear(512, 5)
`;

const LOOP = `for epoch in range(6):
    model.train()
    for images, labels in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()
`;

const TRAINABLE = '[param for param in model.parameters() if param.requires_grad]';

describe('The freeze gestures around training', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  describe('that freeze BatchNorm statistics', () => {
    const frozenStatistics = (marked: string): string => {
      const context = contextOf(parser, marked);
      const [model] = context.models;
      assert.ok(model);
      return applied(parser, withCursor(marked).text, freezeStatistics(context, model));
    };

    it('put the frozen parts into eval mode after the next train()', () => {
      const optimizer = `optimizer = torch.optim.SGD(${TRAINABLE}, lr=0.1)\n`;
      const text = frozenStatistics(`${FROZEN}|\n${optimizer}${LOOP}`);
      assert.match(
        text,
        /^ {4}model\.train\(\)\n {4}for frozen in \(model\.bn1, model\.layer1, model\.layer2, model\.layer3, model\.layer4\):\n {8}frozen\.eval\(\)$/m,
      );
    });

    it('do so at the cursor where no train() follows', () => {
      const text = frozenStatistics(`${FROZEN.replace('model.parameters', 'model.layer1.parameters')}|\n`);
      assert.match(text, /^model\.fc = .*\nmodel\.layer1\.eval\(\)\n?$/m);
    });

    it('do nothing where nothing frozen has statistics', () => {
      const context = contextOf(parser, 'from torchvision import models\nmodel = models.resnet18()|\n');
      assert.equal(freezeStatistics(context, context.models[0]!), null);
    });
  });

  describe('that filter an optimizer', () => {
    it('take the one at the cursor, else all', () => {
      const text = `${FROZEN}one = torch.optim.SGD(model.parameters(), lr=0.1)\ntwo = torch.optim.Adam(list(model.fc.parameters()))\n`;
      const names = (marked: string): string[] =>
        filterableOptimizers(contextOf(parser, marked)).map(({ name }) => name);
      assert.deepEqual(names(text.replace('SGD', 'S|GD')), ['one']);
      assert.deepEqual(names(text.replace('model.fc =', 'model.|fc =')), ['one', 'two']);
    });

    it('leave the trainable parameters', () => {
      const text = `${FROZEN}optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n`;
      const [filter] = filterableOptimizers(contextOf(parser, text.replace('SGD', 'S|GD')));
      assert.equal(
        applied(parser, text, filter?.edit ?? null),
        text.replace('SGD(model.parameters()', `SGD(${TRAINABLE}`),
      );
    });

    it('call a parameter what the file calls it, unless that name is taken', () => {
      const filtered = (frozen: string, argument: string): string => {
        const text = `${frozen}optimizer = torch.optim.SGD(${argument}, lr=0.1)\n`;
        const [filter] = filterableOptimizers(contextOf(parser, text.replace('SGD', 'S|GD')));
        const changed = applied(parser, text, filter?.edit ?? null);
        return /SGD\((.*), lr/.exec(changed)?.[1] ?? '';
      };
      const short = FROZEN.replaceAll('param.', 'p.').replace('param in', 'p in');
      const all = 'model.parameters()';
      assert.equal(filtered(short, all), '[p for p in model.parameters() if p.requires_grad]');
      const named = short.replace('p in model.parameters', 'name, p in model.named_parameters');
      assert.equal(filtered(named, all), '[p for p in model.parameters() if p.requires_grad]');
      assert.equal(
        filtered(`${short}p = model.fc\n`, 'p.parameters()'),
        '[param for param in p.parameters() if param.requires_grad]',
      );
    });
  });

  describe('that rebuild an optimizer', () => {
    it('build it again over what is trainable at the cursor', () => {
      const marked = `${FROZEN}optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1, momentum=0.9)\nmodel.layer4.requires_grad_(True)|\n`;
      const [rebuild] = rebuildableOptimizers(contextOf(parser, marked));
      const text = applied(parser, withCursor(marked).text, rebuild?.edit ?? null);
      assert.ok(
        text.endsWith(
          `requires_grad_(True)\noptimizer = torch.optim.SGD(${TRAINABLE}, lr=0.1, momentum=0.9)\n`,
        ),
      );
    });

    it('call a parameter what the file calls it, unless that name is taken', () => {
      const rebuilt = (before: string): string => {
        const marked = `${before}optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)\nmodel.layer4.requires_grad_(True)|\n`;
        const [rebuild] = rebuildableOptimizers(contextOf(parser, marked));
        return (
          applied(parser, withCursor(marked).text, rebuild?.edit ?? null)
            .split('\n')
            .at(-2) ?? ''
        );
      };
      const short = FROZEN.replaceAll('param.', 'p.').replace('param in', 'p in');
      assert.match(
        rebuilt(short),
        /SGD\(\[p for p in model\.parameters\(\) if p\.requires_grad\], lr=0\.1\)$/,
      );
      assert.match(rebuilt(`${short}p = 0.5\n`), /SGD\(\[param for param in /);
    });

    it('build the schedulers that drive it anew, also one on the line of the cursor', () => {
      const scheduler = 'scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2)';
      const built = `${FROZEN}optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)\n`;
      const unfrozen = 'model.layer4.requires_grad_(True)';
      for (const marked of [
        `${built}${scheduler}\n${unfrozen}|\n${LOOP}    scheduler.step()\n`,
        `${built}${unfrozen}\n${scheduler}|\n${LOOP}    scheduler.step()\n`,
      ]) {
        const [rebuild] = rebuildableOptimizers(contextOf(parser, marked));
        assert.deepEqual(rebuild?.schedulers, ['scheduler']);
        const text = applied(parser, withCursor(marked).text, rebuild?.edit ?? null);
        assert.ok(text.includes(`\noptimizer = torch.optim.SGD(${TRAINABLE}, lr=0.1)\n${scheduler}\n`), text);
      }
    });

    it('leave a scheduler alone that is built later, and are not offered where one is out of reach', () => {
      const built = `${FROZEN}optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)\n`;
      const unfrozen = 'model.layer4.requires_grad_(True)|\n';
      const later = `${built}${unfrozen}scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2)\n`;
      assert.deepEqual(rebuildableOptimizers(contextOf(parser, later))[0]?.schedulers, []);
      const inList = `${built}schedulers = [torch.optim.lr_scheduler.StepLR(optimizer, 2)]\n${unfrozen}`;
      assert.deepEqual(rebuildableOptimizers(contextOf(parser, inList)), []);
    });

    it('are not offered at its own construction, nor in another function', () => {
      const built = `${FROZEN}optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)`;
      assert.deepEqual(rebuildableOptimizers(contextOf(parser, `${built}|\n`)), []);
      const inFunction = `${built}\n\ndef later():\n    print(model)|\n\nlater()\n`;
      assert.deepEqual(rebuildableOptimizers(contextOf(parser, inFunction)), []);
    });
  });

  describe('that unfreeze gradually', () => {
    it('build a scheduler anew that a further group of the optimizer disturbs', () => {
      const built = `${FROZEN}optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)\n`;
      const named = (name: string, rest: string): string =>
        `${built}scheduler = torch.optim.lr_scheduler.${name}(optimizer, ${rest})|\n${LOOP}    scheduler.step()\n`;
      const text = scheduled(named('LambdaLR', 'lambda step: 0.9**step'), 1);
      assert.match(
        text,
        / {8}optimizer\.add_param_group\(.*\)\n {8}scheduler = torch\.optim\.lr_scheduler\.LambdaLR\(/,
      );
      assert.doesNotMatch(scheduled(named('StepLR', '2'), 1), / {8}scheduler = /);
      const inList = `${built}all = [torch.optim.lr_scheduler.LambdaLR(optimizer, str)]|\n${LOOP}`;
      const { text: program, offset } = withCursor(inList);
      assert.equal(gradualUnfreeze(parser.parse(program), offset), 'scheduler out of reach');
    });

    const scheduled = (marked: string, count = Number.POSITIVE_INFINITY): string => {
      const { text, offset } = withCursor(marked);
      const plan = gradualUnfreeze(parser.parse(text), offset);
      assert.ok(typeof plan === 'object', String(plan));
      return applied(parser, text, insertSchedule(plan, plan.stages.slice(0, count)));
    };

    it('add each part to the optimizer in its epoch, the last part first', () => {
      const text = scheduled(`${FROZEN}|\noptimizer = torch.optim.SGD(${TRAINABLE}, lr=0.1)\n${LOOP}`, 2);
      assert.ok(
        text.includes(`for epoch in range(6):
    if epoch == 1:
        for param in model.layer4.parameters():
            param.requires_grad = True
        optimizer.add_param_group({"params": model.layer4.parameters()})
    elif epoch == 2:
        for param in model.layer3.parameters():
            param.requires_grad = True
        optimizer.add_param_group({"params": model.layer3.parameters()})
    model.train()
`),
        text,
      );
    });

    it('reach every frozen part, with the cursor inside the loop as well', () => {
      const text = scheduled(
        `${FROZEN}optimizer = torch.optim.SGD(${TRAINABLE}, lr=0.1)\n${LOOP.replace('optimizer.step()', 'optimizer.step()|')}`,
      );
      assert.deepEqual(
        [...text.matchAll(/epoch == (\d+):\n +for param in (\S+)\./g)].map(([, epoch, layer]) => [
          epoch,
          layer,
        ]),
        ['layer4', 'layer3', 'layer2', 'layer1', 'bn1', 'conv1'].map((layer, index) => [
          String(index + 1),
          `model.${layer}`,
        ]),
      );
    });

    it('leave an optimizer alone that holds everything already', () => {
      const text = scheduled(`${FROZEN}|\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n${LOOP}`);
      assert.doesNotMatch(text, /add_param_group/);
      assert.equal(verdictAtEnd(parser, text, 'model', 'fc'), 'trainable');
    });

    it('say why they cannot', () => {
      const reason = (marked: string): unknown => {
        const { text, offset } = withCursor(marked);
        return gradualUnfreeze(parser.parse(text), offset);
      };
      assert.equal(reason(`${FROZEN}|\n`), 'no loop over epochs');
      assert.equal(reason(`${FROZEN}|\n${LOOP.replaceAll('optimizer.', 'other.')}`), 'optimizer unknown');
      assert.equal(
        reason(`from torchvision import models\nmodel = models.resnet18()|\n${LOOP}`),
        'nothing frozen',
      );
    });
  });
});
