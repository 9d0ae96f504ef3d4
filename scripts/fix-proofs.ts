// The fixes of the rules, held against real PyTorch: the program misbehaves before and behaves after (test/fixes/).
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { PythonParser } from '../src/python/parser.ts';
import { agrees, fixedTexts, type Recorded } from '../test/fixes/fixed-texts.ts';
import { type Answer, proofs } from '../test/fixes/proofs.ts';

const FOLDER = path.resolve(import.meta.dirname, '../test/fixes');

/**
 * Runs every program of the proofs under `python`, before and after each fix, and prints what differs from the
 * expected. With `isRecording` the answers become the data that `npm test` reads. Returns how many differ.
 */
export function checkFixes(python: string, parser: PythonParser, isRecording: boolean): number {
  const versions = proofs.flatMap((proof) => [
    { proof, fix: null, text: proof.program },
    ...fixedTexts(parser, proof).map((fixed) => ({ proof, ...fixed })),
  ]);
  const run = spawnSync(python, [path.join(FOLDER, 'run_fixes.py')], {
    input: versions.map(({ text, proof: { probe } }) => `${JSON.stringify({ text, probe })}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`the fixes did not run: ${run.error ?? run.status}`);
  const answers = run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
  if (answers.length !== versions.length) throw new Error('not all fixes ran');
  const answered = versions.map((version, index) => ({ ...version, answer: answers[index] as Answer }));

  let wrong = 0;
  for (const { proof, fix, answer } of answered) {
    const expected = fix === null ? proof.before : proof.after;
    if (agrees(expected, answer)) continue;
    wrong++;
    const when = fix === null ? 'before the fix' : `after "${fix}"`;
    console.log(
      `WRONG ${proof.code} ${when}: expected ${JSON.stringify(expected)}, PyTorch: ${JSON.stringify(answer)}`,
    );
  }
  console.log(
    `${proofs.length} programs and ${versions.length - proofs.length} fixes of them, ${wrong} other than expected`,
  );
  if (isRecording) {
    const lines = proofs.map((proof) => {
      const { code, program, probe } = proof;
      const own = answered.filter((one) => one.proof === proof);
      const before = own.find(({ fix }) => fix === null);
      const fixed = own.flatMap(({ fix, text, answer }) => (fix === null ? [] : { fix, text, answer }));
      return JSON.stringify({ code, program, probe, answer: before?.answer, fixed } as Recorded);
    });
    fs.writeFileSync(path.join(FOLDER, 'recorded.jsonl'), `${lines.join('\n')}\n`);
  }
  return wrong;
}
