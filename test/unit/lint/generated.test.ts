import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import * as path from 'node:path';
import { generatedFiles, present, rootFolder } from '../../../scripts/generated-files.ts';
import { rules } from '../../../src/rules/registry.ts';

describe('what is generated from the rules', () => {
  const advice = 'stale, run npm run generate';

  it('is fresh: rule pages, tables and settings', async () => {
    for (const [file, content] of await generatedFiles(rules)) {
      assert.ok((await present(file)) === content, `${file}: ${advice}`);
    }
  });

  it('has no pages of rules that are gone', async () => {
    const expected = [...rules.map(({ code }) => `${code}.md`), 'index.md'].sort();
    const found = await readdir(path.join(rootFolder, 'docs/rules'));
    assert.deepEqual(found.sort(), expected, advice);
  });
});
