import assert from 'node:assert/strict';
import fc from 'fast-check';
import { analyse } from '../../../src/analysis/analyse.ts';
import type { Program } from '../../../src/analysis/program.ts';
import type { Trace } from '../../../src/analysis/trace.ts';
import { lint } from '../../../src/lint.ts';
import { Programs } from '../../../src/project/programs.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import type { Span } from '../../../src/python/syntax.ts';
import { generate } from '../../differential/generate.ts';
import { memoryFiles } from '../memory-files.ts';
import { testParser } from '../python-parser.ts';

/** The same sessions on every run, so that a red test means a change. */
const SEED = 20261125;
const MAIN = '/w/program.py';

/** Random programs of several files, by their seeds. */
const SEVERAL = Array.from({ length: 400 }, (_, seed) => seed).filter(
  (seed) => Object.keys(generate(seed).files).length > 0,
);

type Step =
  /** Changes lines of the program, or of a file that it may import. */
  | {
      readonly kind: 'edit';
      readonly file: number;
      readonly line: number;
      readonly other: number;
      readonly how: 'remove' | 'repeat' | 'exchange';
    }
  /** Puts a file of another program there, or the program itself. */
  | { readonly kind: 'put'; readonly file: number; readonly seed: number }
  | { readonly kind: 'delete'; readonly file: number };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('edit' as const),
        file: fc.nat(),
        line: fc.nat(),
        other: fc.nat(),
        how: fc.constantFrom('remove' as const, 'repeat' as const, 'exchange' as const),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('put' as const),
        file: fc.nat(),
        seed: fc.constantFrom(...SEVERAL),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), file: fc.nat() }) },
  ),
  { minLength: 1, maxLength: 8 },
);

describe('A long session of edits', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  /** All that a program's analysis and its rules say, places by file and offset in it. */
  function answersOf(text: string, program: Program): unknown {
    const module = parser.parse(text);
    const trace = analyse(module, program, { functionEnds: true });
    const place = (span: Span): unknown => {
      const found = trace.locate(span);
      return found ? [found.file.path, found.span.start] : span.start;
    };
    const snapshot = (end: Trace['topLevel']): unknown => ({
      modules: [...(end?.modules ?? [])].map(([name, { complete, parameters }]) => [
        name,
        complete,
        [...parameters].map(([parameter, { flag }]) => `${parameter}: ${flag}`),
      ]),
      optimizers: [...(end?.optimizers ?? [])].map(([name, { built, complete, parameters, detached }]) => {
        return [name, place(built), complete, parameters, detached];
      }),
    });
    const result = lint(parser, text, { rules: {} }, undefined, program);
    return {
      raises: trace.raises && [trace.raises.error, place(trace.raises.at)],
      top: snapshot(trace.topLevel),
      ends: [...trace.functionEnds].map(([name, end]) => [name, snapshot(end)]),
      problems: result?.problems.map(({ code, message, span, related }) => {
        return [
          code,
          message,
          span.start,
          related.map((one) => [one.message, one.file?.path, place(one.span)]),
        ];
      }),
      internalErrors: result?.internalErrors,
    };
  }

  it('answers after each as a fresh start does', async () => {
    const session = async (seed: number, edits: readonly Step[], asksEarly: boolean): Promise<void> => {
      const start = generate(seed);
      let text = start.text;
      const texts = new Map(Object.entries(start.files).map(([name, one]) => [`/w/${name}`, one]));
      const live = new Programs(memoryFiles(texts), parser);
      for (const step of [null, ...edits]) {
        // Somebody asks while the files change.
        const early = asksEarly ? live.of(MAIN, text, '/w') : null;
        if (step) text = take(step, text, texts, live);
        await early;
        const fresh = await new Programs(memoryFiles(texts), parser).of(MAIN, text, '/w');
        const kept = await live.of(MAIN, text, '/w');
        assert.deepEqual(answersOf(text, kept), answersOf(text, fresh));
      }
    };
    await fc.assert(fc.asyncProperty(fc.constantFrom(...SEVERAL), steps, fc.boolean(), session), {
      numRuns: 40,
      seed: SEED,
    });
  });
});

/** Takes a step of a session and tells the programs of it, as the editor and the server do; gives the main text. */
function take(step: Step, text: string, texts: Map<string, string>, live: Programs): string {
  const names = step.kind === 'put' ? Object.keys(generate(step.seed).files) : [...texts.keys()];
  // The program itself is edited as often as what it imports.
  const index = step.file % (2 * names.length);
  const name = names[index];
  if (step.kind === 'put') {
    const { text: other, files } = generate(step.seed);
    if (name === undefined) return other;
    const path = `/w/${name}`;
    const isNew = !texts.has(path);
    texts.set(path, files[name] ?? '');
    if (isNew) live.forgetFolders(path);
    else live.forget(path);
    return text;
  }
  if (step.kind === 'delete') {
    if (name === undefined) return text;
    texts.delete(name);
    live.forgetFolders(name);
    return text;
  }
  const lines = (name === undefined ? text : (texts.get(name) ?? '')).split('\n');
  const [at, other] = [step.line % lines.length, step.other % lines.length];
  const [line = '', with_ = ''] = [lines[at], lines[other]];
  if (step.how === 'remove') lines.splice(at, 1);
  else if (step.how === 'repeat') lines.splice(other, 0, line);
  else [lines[at], lines[other]] = [with_, line];
  if (name === undefined) return lines.join('\n');
  texts.set(name, lines.join('\n'));
  live.forget(name);
  return text;
}
