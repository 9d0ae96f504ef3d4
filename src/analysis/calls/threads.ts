/** `threading.Thread(target=...)`: what the thread does is certain once it was joined, if nothing happened meanwhile. */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { runProtected } from '../running/handlers.ts';
import { GRADIENTS_ON } from '../state/state.ts';
import { type CallArguments, NO_ARGUMENTS, NONE, type ObjectId, type Value } from '../state/values.ts';
import { callUnknown } from './unknown-calls.ts';

const THREAD = 'threading.Thread';

/** A thread that is not started yet; null where nobody can tell what it will run. */
export function makeThread(run: Interpreter, args: CallArguments, at: Span): Value | null {
  const target = args.keywords.get('target');
  const given = args.keywords.get('args');
  const isKnown = target && (!given || given.kind === 'tuple') && !args.keywords.has('kwargs');
  if (!isKnown || !args.complete || args.positional.length > 0) return null;
  const positional = given?.kind === 'tuple' ? given.items : [];
  const task: Value = { kind: 'partial', callee: target, args: { ...NO_ARGUMENTS, positional } };
  const attributes = new Map<string, Value>([['task', task]]);
  return run.allocate(
    at,
    { kind: 'instance', info: null, library: THREAD, attributes, complete: true },
    ':thread',
  );
}

/** `thread.start()` and `thread.join()`; null for anything else. */
export function callThread(
  run: Interpreter,
  id: ObjectId,
  name: string,
  args: CallArguments,
  at: Span,
): Value | null {
  const object = run.state.heap.get(id);
  const task =
    object?.kind === 'instance' && object.library === THREAD ? object.attributes.get('task') : null;
  if (!task || args.positional.length > 0 || args.keywords.size > 0) return null;
  if (name === 'start') {
    const before = run.state.fork();
    // It may do its work at any time from now on.
    callUnknown(run, [task], NO_ARGUMENTS, at);
    run.threads.set(id, { before, after: run.state.fork() });
    return NONE;
  }
  if (name !== 'join') return null;
  const started = run.threads.get(id);
  if (!started || !run.state.isForkOf(started.after)) return NONE;
  const restore = run.checkpoint();
  run.state = started.before.fork();
  run.state.gradients = GRADIENTS_ON;
  // An exception ends the thread, and nothing else.
  const { handler, mayHaveRaised } = runProtected(
    run,
    () => true,
    () => run.call(task, NO_ARGUMENTS, at),
  );
  run.state.gradients = started.before.gradients;
  if (mayHaveRaised || run.dead || handler.caught.length > 0 || handler.doubts.length > 0) restore();
  return NONE;
}
