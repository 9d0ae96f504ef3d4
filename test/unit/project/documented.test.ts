import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { rootFolder } from '../../../scripts/generated-files.ts';
import { lint } from '../../../src/lint.ts';
import { readConfiguration } from '../../../src/project/configuration.ts';
import { rules } from '../../../src/rules/registry.ts';
import { testParser } from '../python-parser.ts';

/** The fenced blocks of a page that are written in a language. */
async function blocks(page: string, language: string): Promise<string[]> {
  const text = await readFile(path.join(rootFolder, page), 'utf-8');
  return [...text.matchAll(/^```(\w+)\n([^`]*)^```$/gm)].flatMap(([, found, content = '']) =>
    found === language ? [content] : [],
  );
}

describe('what docs/configuration.md shows', () => {
  it('is a configuration that Freezelint takes', async () => {
    const [first = ''] = await blocks('docs/configuration.md', 'toml');
    const found = readConfiguration('/p/pyproject.toml', first, rules);
    assert.deepEqual(found?.select, ['FRZ1', 'FRZ401']);
    assert.equal(found.torchVersion, 1);
    assert.deepEqual(Object.keys(found.perFileIgnores), ['tests/**', '!src/**']);
  });

  it('are comments that silence the findings', async () => {
    const [comments = ''] = await blocks('docs/configuration.md', 'python');
    const program = `import torch\nmodel = torch.nn.Linear(2, 2)\n${comments.replace('[FRZ401, FRZ301]', '[FRZ101]')}`;
    const silenced = program.replace('optimizer.step()', 'model.requires_grad = True');
    const codes = (text: string) => lint(parser, text, { rules: {} })?.problems.map(({ code }) => code);
    const parser = await testParser();
    assert.deepEqual(codes(silenced), []);
    assert.deepEqual(codes(silenced.replaceAll('freezelint:', '')), ['FRZ101', 'FRZ101']);
  });
});

describe('the README', () => {
  it('shows a configuration that Freezelint takes', async () => {
    const [first = ''] = await blocks('README.md', 'toml');
    assert.deepEqual(readConfiguration('/p/pyproject.toml', first, rules)?.ignore, ['FRZ408']);
  });
});
