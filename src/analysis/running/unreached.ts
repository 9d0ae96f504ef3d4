/** Code of called functions that no call reaches, such as what stands behind an argument that every caller leaves out. */
import { blocksOf } from '../../python/functions.ts';
import type { FunctionDefinition, Lambda, Statement } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { isImported } from '../program.ts';
import { TOUCHES_TRAINING } from './idleness.ts';

/** Whether a function of the file has such code that may have to do with training. */
export function hasUnreachedCode(run: Interpreter, definition: FunctionDefinition | Lambda): boolean {
  if (definition.kind === 'lambda' || isImported(definition)) return false;
  // What was too costly to be read to its end would be again.
  if (run.cutShort.has(definition)) return false;
  for (const statement of unreached(run, definition.body)) {
    if (TOUCHES_TRAINING.test(run.sourceOf(statement))) return true;
  }
  return false;
}

function* unreached(run: Interpreter, statements: readonly Statement[]): Generator<Statement> {
  for (const statement of statements) {
    if (!run.reached.has(statement)) yield statement;
    // The bodies of functions and classes do not run where these are defined.
    else if (statement.kind !== 'functionDefinition' && statement.kind !== 'classDefinition') {
      for (const block of blocksOf(statement)) yield* unreached(run, block);
    }
  }
}
