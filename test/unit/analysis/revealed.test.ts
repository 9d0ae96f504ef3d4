import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { PythonParser } from '../../../src/python/parser.ts';
import { testParser } from '../python-parser.ts';
import { answers, readRevealed } from './revealed.ts';

const folder = path.join(import.meta.dirname, 'constructs');

describe('The analysis of', () => {
  let parser: PythonParser;
  before(async () => {
    parser = await testParser();
  });

  for (const file of readdirSync(folder)) {
    describe(path.basename(file, '.md').replaceAll('-', ' '), () => {
      for (const program of readRevealed(readFileSync(path.join(folder, file), 'utf8'))) {
        it(`${program.title} (line ${program.line})`, () => {
          const found = answers(parser, program);
          const at = (text: string, index: number): string =>
            `line ${program.line + (program.claims[index]?.line ?? 0)}: ${text}`;
          assert.deepEqual(
            found.map(at),
            program.claims.map(({ text }, index) => at(text, index)),
          );
        });
      }
    });
  }
});
