import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { lint } from '../../../src/lint.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';
import { verdictAtEnd } from './gesture.ts';

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

const file = path.resolve(import.meta.dirname, '../../../media/snippets/python.json');
const snippets = Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Snippet>);

/** A snippet as VS Code inserts it if every placeholder is left as it is. */
const inserted = ({ body }: Snippet): string =>
  `${body.join('\n')}\n`
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replace('$0', '')
    .replaceAll('\t', '    ');

const MODEL = 'import torch\nfrom torchvision import models\nmodel = models.resnet18()\n';

describe('The snippets', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  const snippet = (prefix: string): Snippet => {
    const found = snippets.find((each) => each.prefix === prefix);
    assert.ok(found, prefix);
    return found;
  };

  it('are told apart by their prefixes', () => {
    const prefixes = snippets.map(({ prefix }) => prefix);
    assert.deepEqual([...new Set(prefixes)], prefixes);
    assert.ok(prefixes.every((prefix) => /^frz(?:-[a-z]+)+$/.test(prefix)));
  });

  for (const each of snippets) {
    it(`with ${each.prefix} is Python in which nothing is wrong`, () => {
      const before = /optimizer\./.test(each.body.join())
        ? 'model.layer4.requires_grad_(False)\noptimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)\n'
        : '';
      const code = inserted(each);
      const text = /\bepoch\b/.test(code)
        ? `${MODEL}${before}for epoch in range(3):\n${code.trimEnd().replace(/^/gm, '    ')}\n`
        : `${MODEL}${before}${code}`;
      const result = lint(parser, text, { rules: {} });
      assert.deepEqual(result?.module.errors, [], text);
      assert.deepEqual(
        result?.problems.filter(({ severity }) => severity === 'error' || severity === 'warning'),
        [],
      );
    });
  }

  it('freeze and unfreeze what they say', () => {
    const verdict = (code: string, at: string) => verdictAtEnd(parser, MODEL + code, 'model', at);
    assert.equal(verdict(inserted(snippet('frz-freeze')), ''), 'frozen');
    assert.equal(
      verdict(inserted(snippet('frz-freeze')) + inserted(snippet('frz-unfreeze')), ''),
      'trainable',
    );
    const allBut = inserted(snippet('frz-freeze-all-but'));
    assert.deepEqual([verdict(allBut, 'layer4'), verdict(allBut, 'fc')], ['frozen', 'trainable']);
    const byName = inserted(snippet('frz-freeze-by-name'));
    assert.deepEqual([verdict(byName, 'layer1'), verdict(byName, 'layer2')], ['frozen', 'trainable']);
  });
});
