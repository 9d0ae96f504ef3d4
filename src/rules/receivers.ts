/** What the trace agrees on about the thing that an attribute was set on or a method called on, over all executions. */
import type { Receiver } from '../analysis/events.ts';
import type { Trace } from '../analysis/trace.ts';

/** Something set or called at one place, in one execution of it. */
interface WithReceiver {
  readonly receiver: Receiver;
}

/** The executions of one place that say something, and what kind of receiver all of them have. */
export interface Agreement<T> {
  readonly kind: 'module' | 'parameter' | 'copy' | 'tensor';
  readonly events: readonly T[];
}

/**
 * What kind of receiver every execution agrees on; null where none is known, where they differ, or where the class
 * has an attribute of that name itself. `copy` is a tensor that shares or repeats the values of a Parameter.
 */
export function agreedReceiver<T extends WithReceiver>(
  trace: Trace,
  executions: readonly T[],
): Agreement<T> | null {
  const kinds = new Set<Agreement<T>['kind'] | 'other'>();
  const events: T[] = [];
  for (const event of executions) {
    const { receiver } = event;
    if (receiver.ownAttribute) return null;
    const kind = kindOf(trace, receiver);
    if (kind === null) continue;
    kinds.add(kind);
    events.push(event);
  }
  const [kind, ...others] = kinds;
  return kind === undefined || kind === 'other' || others.length > 0 ? null : { kind, events };
}

function kindOf(trace: Trace, receiver: Receiver): Agreement<unknown>['kind'] | 'other' | null {
  switch (receiver.what) {
    case 'module':
      return receiver.certain || trace.isUsedAsModule(receiver.identity) ? 'module' : null;
    case 'parameter':
      return 'parameter';
    case 'tensor':
      return isCopy(receiver) ? 'copy' : 'tensor';
    case 'unknown':
      return null;
    default:
      return 'other';
  }
}

const COPIES: ReadonlySet<string | null> = new Set(['data', 'detach', 'clone', 'stateDict']);

/** True for a tensor that was made from a Parameter, and shares or repeats its values but not its flag. */
export const isCopy = ({ what, origin, atoms }: Receiver): boolean =>
  what === 'tensor' && COPIES.has(origin) && atoms.length > 0;
