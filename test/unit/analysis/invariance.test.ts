import assert from 'node:assert/strict';
import fc from 'fast-check';
import { analyse } from '../../../src/analysis/analyse.ts';
import { lint } from '../../../src/lint.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { generate } from '../../differential/generate.ts';
import { testParser } from '../python-parser.ts';

/** The same programs on every run, so that a red test means a change; `npm run test:torch` draws others. */
const SEED = 20261124;

/** A random program; the seed is what a failure is reported with. */
const programs = fc.nat({ max: 1_000_000 }).map((seed) => generate(seed).text);

describe('The analysis of any program', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  /** Everything it says of the end of a program, places aside. */
  function verdictsOf(text: string): unknown {
    const { topLevel, raises } = analyse(parser.parse(text));
    return {
      raises: raises?.error ?? null,
      modules: [...(topLevel?.modules ?? [])].map(([name, { complete, parameters }]) => ({
        name,
        complete,
        parameters: [...parameters].map(([parameter, { flag }]) => `${parameter}: ${flag}`),
      })),
      optimizers: [...(topLevel?.optimizers ?? [])].map(([name, { complete, parameters, detached }]) => ({
        name,
        complete,
        parameters,
        detached,
      })),
    };
  }

  /** The codes of what the linter finds, in order. */
  const findingsIn = (text: string): readonly string[] =>
    (lint(parser, text, { rules: {} })?.problems ?? []).map(({ code }) => code);

  it('ends, and throws nothing, on every prefix', () => {
    fc.assert(
      fc.property(programs, fc.double({ min: 0, max: 1, noNaN: true }), (text, share) => {
        const result = lint(parser, `${text.slice(0, Math.floor(share * text.length))}\n# torch`, {
          rules: {},
        });
        assert.deepEqual(result?.internalErrors, []);
      }),
      { numRuns: 120, seed: SEED },
    );
  });

  it('ends, and throws nothing, where lines are removed, repeated, exchanged or moved to the left', () => {
    const changes = fc.array(
      fc.tuple(fc.constantFrom('remove', 'repeat', 'exchange', 'dedent'), fc.nat(), fc.nat()),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(programs, changes, (text, edits) => {
        const lines = text.split('\n');
        for (const [edit, first, second] of edits) {
          const [at, other] = [first % lines.length, second % lines.length];
          const [line = '', with_ = ''] = [lines[at], lines[other]];
          if (edit === 'remove') lines.splice(at, 1, '');
          else if (edit === 'repeat') lines.splice(other, 0, line);
          else if (edit === 'dedent') lines[at] = line.trimStart();
          else [lines[at], lines[other]] = [with_, line];
        }
        const result = lint(parser, `${lines.join('\n')}\n# torch`, { rules: {} });
        assert.deepEqual(result?.internalErrors, []);
      }),
      { numRuns: 120, seed: SEED },
    );
  });

  const sameAfter = (change: (text: string) => string): void => {
    fc.assert(
      fc.property(programs, (text) => {
        const changed = change(text);
        assert.deepEqual(verdictsOf(changed), verdictsOf(text));
        assert.deepEqual(findingsIn(changed), findingsIn(text));
      }),
      { numRuns: 40, seed: SEED },
    );
  };

  it('does not depend on line endings', () => {
    sameAfter((text) => text.replaceAll('\n', '\r\n'));
  });

  it('does not depend on the width of indentation', () => {
    sameAfter((text) => text.replace(/^ +/gm, (spaces) => ' '.repeat(spaces.length / 2)));
    sameAfter((text) => text.replace(/^ +/gm, (spaces) => '\t'.repeat(spaces.length / 4)));
  });

  it('does not depend on comments and blank lines', () => {
    sameAfter((text) => text.replaceAll('\n', '  # model.requires_grad = False\n\n'));
  });

  it('does not depend on the names of local variables', () => {
    sameAfter((text) => text.replace(/\bp\b/g, 'tensor_of_it').replace(/\bvalue\b/g, 'on'));
  });

  it('is the same the second time', () => {
    sameAfter((text) => text);
  });
});
