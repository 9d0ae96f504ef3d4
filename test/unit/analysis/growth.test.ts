import assert from 'node:assert/strict';
import { lint } from '../../../src/lint.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';

/** Statements that double what they have each time; sixty rounds are more than any memory holds. */
const doubled = {
  'a text': ["have = 'ab'", 'have = have + have'],
  'a formatted text': ["have = 'ab'", "have = f'{have}{have}'"],
  'a text by replace()': ["have = 'ab'", "have = have.replace('a', 'aa')"],
  'a list': ['have = [1, 2]', 'have = have + have'],
  'a list by extend()': ['have = [1, 2]', 'have.extend(have)'],
  'a list in a display': ['have = [1, 2]', 'have = [*have, *have]'],
  'a tuple': ['have = (1, 2)', 'have = (*have, *have)'],
  'a tuple of itself': ['have = (1, 2)', 'have = (have, have)'],
  'a list of itself': ['have = [1, 2]', 'have = [have, have]'],
  'a dictionary': ["have = {'a': 1}", "have = {**have, **have, 'b': have}"],
};

describe('What a loop doubles', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  for (const [what, [first, again]] of Object.entries(doubled)) {
    for (const loop of ['for _ in range(60):', 'while torch.rand(1) > 0.5:']) {
      it(`is not followed for ever: ${what} in \`${loop}\``, () => {
        const program = `import torch\n\ndef grow(have):\n    ${first}\n    ${loop}\n        ${again}\n    return have\n\ngrow(torch)\n`;
        const result = lint(parser, program, { rules: {} });
        assert.ok(result);
        assert.deepEqual(result.internalErrors, []);
        assert.deepEqual(result.problems, []);
      });
    }
  }
});
