/** What the trace agrees on about the thing that an attribute was set on or a method called on, over all executions. */

import type { AttributeAssigned, Receiver } from '../analysis/events.ts';
import { MAY_BE_FROZEN, MAY_BE_TRAINABLE } from '../analysis/state/atoms.ts';
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
    case 'collection':
    case 'iterator':
      // Nothing can be set on these: what came here was something else.
      return null;
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

/** Whether the value may be a bool; what cannot be one is somebody's own attribute. */
export function mayBeBoolean({ value, valueNode }: AttributeAssigned): boolean {
  if (value.kind === 'constant') return typeof value.value === 'boolean';
  // An argument that nobody has passed yet is a reference to anything.
  const isOpen = value.kind === 'unknown' || value.kind === 'reference' || value.kind === 'union';
  return isOpen && !/^(?:list|tuple|set|dictionary|lambda|comprehension|formatString)$/.test(valueNode.kind);
}

/** Something that sets the flag, or was meant to. */
type FlagMeant = Pick<AttributeAssigned, 'value' | 'receiver'>;

/** Whether the flag has the value already everywhere, so that setting it would change nothing. */
export function isSetBefore({ value, receiver }: FlagMeant): boolean {
  if (value.kind !== 'constant' || typeof value.value !== 'boolean') return false;
  return receiver.flagBefore === (value.value ? MAY_BE_TRAINABLE : MAY_BE_FROZEN);
}

/** What the flags were in all these executions; null where some may differ. */
export function stateBefore(events: readonly WithReceiver[]): 'trainable' | 'frozen' | null {
  const bits = events.reduce((all, { receiver }) => all | receiver.flagBefore, 0);
  return bits === MAY_BE_TRAINABLE ? 'trainable' : bits === MAY_BE_FROZEN ? 'frozen' : null;
}

/** What becomes of the flag where nothing sets it: "`p` stays trainable". `name` is the receiver as code. */
export function whatStays(
  kind: Agreement<unknown>['kind'],
  events: readonly FlagMeant[],
  name: string,
): string {
  const isTensor = kind === 'tensor' || kind === 'copy';
  const many = kind === 'module';
  const subject = many
    ? `the parameters of \`${name}\``
    : isTensor
      ? `the tensor \`${name}\``
      : `\`${name}\``;
  const state = isTensor ? null : stateBefore(events);
  if (state === null) return `${subject} ${many ? 'keep their flags' : 'keeps its flag'}`;
  if (events.every(isSetBefore))
    return `this does nothing, though ${subject} ${many ? 'are' : 'is'} ${state} anyway`;
  return `${subject} ${many ? 'stay' : 'stays'} ${state}`;
}
