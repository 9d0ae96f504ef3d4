/** The arguments of a call as lists of values. */

import type { Item } from '../state/heap.ts';
import type { CallArguments, Value } from '../state/values.ts';

/** The positional arguments, each as certain as it is. */
export function positionalItems({ positional, certainty }: CallArguments): Item[] {
  return positional.map((value, index) => ({ value, multiplicity: certainty?.[index] ?? 'one' }));
}

/** The arguments after the first positional one, as `partial(function, ...)` passes them on. */
export function withoutFirst({ certainty, ...args }: CallArguments): CallArguments {
  const rest = { ...args, positional: args.positional.slice(1) };
  return certainty ? { ...rest, certainty: certainty.slice(1) } : rest;
}

/** The arguments that `partial` kept, followed by those of the call. */
export function joinArguments(kept: CallArguments, given: CallArguments): CallArguments {
  const items = [...positionalItems(kept), ...positionalItems(given)];
  return {
    positional: items.map(({ value }) => value),
    certainty: items.map(({ multiplicity }) => multiplicity),
    keywords: new Map([...kept.keywords, ...given.keywords]),
    complete: kept.complete && given.complete,
  };
}

/** Every value that a call is given. */
export const allArguments = ({ positional, keywords }: CallArguments): readonly Value[] => [
  ...positional,
  ...keywords.values(),
];
