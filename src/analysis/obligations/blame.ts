/** Where to put a finding: at a write, or at the call that handed a helper what it wrote to. */
import type { Span } from '../../python/syntax.ts';
import { reachableFrom } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import { nameOf } from '../observations/names.ts';
import { isImported } from '../program.ts';
import type { ObjectId, ScopeId } from '../state/values.ts';
import { type FlagWrite, overlaps } from './table.ts';

export interface Blame {
  readonly anchor: Span;
  /** What can be named there. */
  readonly scopes: readonly ScopeId[];
}

/**
 * A place in an imported file is no place for a finding: then the call of the analysed file that leads there is
 * blamed. Stays as it is where no call does, as at the top level of an imported file.
 */
export function blameOwnFile(run: Interpreter, blame: Blame): Blame {
  if (!isImported(blame.anchor)) return blame;
  for (const { caller } of [...run.frames].reverse()) {
    if (caller && !isImported(caller.at)) return { anchor: caller.at, scopes: caller.scopes };
  }
  return blame;
}

/**
 * Where to put a finding on a freeze: a helper that freezes whatever it is handed is right, and the call that
 * hands it a model with a new head is wrong.
 */
export function blameForFreezing(run: Interpreter, write: FlagWrite, parent: ObjectId, made: Span): Blame {
  let blame: Blame = { anchor: write.at, scopes: run.scopes };
  for (const { definition, caller, self } of [...run.frames].reverse()) {
    if (!definition || !caller) break;
    if (definition.start <= made.start && made.end <= definition.end) break;
    const name = nameOf(run, parent, blame.scopes);
    const [root = '', ...rest] = name?.split(/[.[]/) ?? [];
    const handed = definition.parameters.findIndex((parameter) => parameter.name === root);
    if (name !== null && (handed < 0 || (handed === 0 && self !== null && rest.length > 0))) break;
    blame = { anchor: caller.at, scopes: caller.scopes };
  }
  return blameOwnFile(run, blame);
}

/**
 * Where to put a finding on what an optimizer or scheduler should hear of (an unfreeze, a new layer): where that is at
 * hand.
 */
export function blameWhereAtHand(
  run: Interpreter,
  write: Pick<FlagWrite, 'atoms' | 'at'>,
  needed: ObjectId,
): Blame {
  return blameOwnFile(run, whereAtHand(run, write, needed));
}

function whereAtHand(run: Interpreter, write: Pick<FlagWrite, 'atoms' | 'at'>, needed: ObjectId): Blame {
  const own: Blame = { anchor: write.at, scopes: run.scopes };
  let blame = own;
  for (const { definition, caller, self } of [...run.frames].reverse()) {
    const name = nameOf(run, needed, blame.scopes);
    const scope = blame.scopes.at(-1);
    const [root] = name?.split(/[.[]/) ?? [];
    if (root !== undefined && run.state.variables.get(`${scope}:${root}`)) return blame;
    if (!definition || !caller) break;
    const parameters = self ? definition.parameters.slice(1) : definition.parameters;
    const handed = parameters.flatMap(
      (parameter) => run.state.variables.get(`${scope}:${parameter.name}`) ?? [],
    );
    if (name !== null && !overlaps(run, write.atoms, reachableFrom(run, handed).atoms)) return blame;
    blame = { anchor: caller.at, scopes: caller.scopes };
  }
  return nameOf(run, needed, blame.scopes) === null ? own : blame;
}
