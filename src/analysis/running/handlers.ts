/** Exceptions that the program catches: what may be the case where a handler, or what follows `suppress`, goes on. */
import type { Expression } from '../../python/syntax.ts';
import { dottedName } from '../../python/walk.ts';
import type { Interpreter } from '../interpreter.ts';
import type { AtomId } from '../state/atoms.ts';
import type { State } from '../state/state.ts';
import type { Value } from '../state/values.ts';

/** An enclosing `try`, or a context manager that swallows exceptions. */
export class Handler {
  constructor(
    /** Whether it certainly catches an exception of this class. */
    readonly catches: (error: string) => boolean,
  ) {}

  /** States in which an exception may reach it. */
  readonly caught: State[] = [];
  /** The may-bits of every flag that was set inside: what raises between two writes leaves the first. */
  readonly written = new Map<AtomId, number>();
  /** What the program itself raises inside, which the handler may get. */
  readonly thrown: Value[] = [];
  /** The exceptions that something inside may raise, as far as the analysis knows which. */
  readonly doubts: string[] = [];
}

/** Whether `except` with these types, or `suppress` of them, certainly catches an exception of a class. */
export const catches = (types: readonly Expression[], error: string): boolean => {
  const bases = error === 'SystemExit' ? ['BaseException'] : ['Exception', 'BaseException'];
  return types
    .flatMap((type) => (type.kind === 'tuple' ? type.elements : [type]))
    .some((type) => [error, ...bases].includes(dottedName(type) ?? ''));
};

/** Notes for the handlers around it that a flag was set. */
export function noteWritten(run: Interpreter, leaf: AtomId, bits: number): void {
  for (const { written } of run.exceptions.handlers) written.set(leaf, (written.get(leaf) ?? 0) | bits);
}

/**
 * Runs what an exception may leave anywhere, unless it `isCaught`; tells what the handler gets, and whether anything
 * may have raised.
 */
export function runProtected(
  run: Interpreter,
  isCaught: (error: string) => boolean,
  body: () => void,
): { readonly handler: Handler; readonly mayHaveRaised: boolean } {
  const handler = new Handler(isCaught);
  const before = run.exceptions.mayHaveRaised;
  run.exceptions.mayHaveRaised = false;
  run.exceptions.handlers.push(handler);
  body();
  run.exceptions.handlers.pop();
  for (const error of handler.doubts) if (!isCaught(error)) run.exceptions.doubt(error);
  const { mayHaveRaised } = run.exceptions;
  run.exceptions.mayHaveRaised ||= before;
  return { handler, mayHaveRaised };
}

/** Goes on as after one of the exceptions that were raised in a block, and no other. */
export function catchExactly(run: Interpreter, { caught }: Handler): void {
  run.dead = true;
  for (const state of caught) run.joinInto(state);
}

/**
 * Goes on as after an exception that may have been raised anywhere in a block that began in the state `before`, and
 * comes to its end in the state `end`, if ever.
 */
export function catchAnywhere(
  run: Interpreter,
  { caught, written }: Handler,
  before: State,
  end: State | null,
): void {
  run.state = before;
  run.dead = false;
  for (const state of caught) run.joinInto(state);
  if (end) run.joinInto(end);
  for (const [atom, bits] of written) {
    for (const leaf of run.atoms.leaves(atom)) {
      const flag = run.state.flag(leaf);
      if ((flag.bits | bits) !== flag.bits)
        run.state.setFlag(leaf, { ...flag, bits: flag.bits | bits, writer: 'several' });
    }
  }
}
