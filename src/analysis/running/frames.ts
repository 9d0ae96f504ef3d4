/** What encloses the statement that is being run: function calls, and loops. */
import type { FunctionDefinition, Lambda, Span } from '../../python/syntax.ts';
import type { State } from '../state/state.ts';
import type { ClassInfo, ScopeId, Value } from '../state/values.ts';

/** A function call, or the top level: collects what leaves it early. */
export interface Frame {
  readonly returns: { readonly state: State; readonly value: Value }[];
  /** Index into `collectors` of what a generator yields; null for an ordinary function. */
  readonly collector: number | null;
  /** What to do with what a generator yields, where it is not collected. */
  readonly onYield: ((value: Value) => void) | null;
  readonly owner: ClassInfo | null;
  readonly self: Value | null;
  /** The function's name, '' for a lambda, a class body or the top level. */
  readonly name: string;
  /** What runs; null for a class body. */
  readonly definition: FunctionDefinition | Lambda | null;
  /** The call that runs it, and the scopes it is written in; null where no call of the program does. */
  readonly caller: { readonly at: Span; readonly scopes: readonly ScopeId[] } | null;
  /** Its own lexical scopes. */
  readonly scopes: readonly ScopeId[];
  /** Names declared `global` or `nonlocal`, with the scope that owns them. */
  readonly redirected: Map<string, ScopeId>;
  /** True while some paths have left a block of the function early. */
  lostPaths: boolean;
  /** True once a nested function may still read this frame's variables. */
  captured: boolean;
}

export interface LoopContext {
  readonly breaks: State[];
  readonly continues: State[];
}

export const exitsOf = (loop: LoopContext | undefined) => (): number =>
  loop ? loop.breaks.length + loop.continues.length : 0;
