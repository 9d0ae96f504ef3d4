/** What `backward()` and `zero_grad()` do, whatever they are called on. */
import type { Span } from '../../python/syntax.ts';
import { truthOf } from '../expressions/comparisons.ts';
import type { Interpreter } from '../interpreter.ts';
import { afterBackward, settleMode } from '../obligations/moments.ts';
import type { CallArguments, Value } from '../state/values.ts';
import { graphOf } from '../tensors/graphs.ts';

/** `backward()` from a tensor: a certain moment of training. */
export function goBackward(run: Interpreter, from: Value, at: Span): void {
  settleMode(run, at);
  afterBackward(run);
  run.emit({ kind: 'backward', span: at, graph: graphOf(run, from) });
}

/** What `zero_grad(...)` is told; an argument that nobody knows counts as None, after which nothing lingers. */
export function setToNone(run: Interpreter, args: CallArguments): boolean | null {
  const told = args.positional[0] ?? args.keywords.get('set_to_none');
  if (told) return truthOf(run, told) ?? true;
  return args.complete ? null : true;
}
