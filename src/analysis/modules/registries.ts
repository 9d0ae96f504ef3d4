/** The dictionaries in which a module keeps its own parts, and containers of parameters, which are little else. */
import type { ModuleObject, Multiplicity } from '../state/heap.ts';
import { reference, type Value } from '../state/values.ts';

/** Whether a module is a `nn.ParameterList` or a `nn.ParameterDict`; null where it is neither. */
export function parameterContainer({ library }: ModuleObject): 'list' | 'dictionary' | null {
  if (library === 'torch.nn.ParameterList') return 'list';
  return library === 'torch.nn.ParameterDict' ? 'dictionary' : null;
}

/** Whether an attribute is one of the dictionaries in which a module keeps its own. */
export const isRegistry = (name: string): boolean => name === '_modules' || name === '_parameters';

/** What `module._modules` or `module._parameters` holds, in order. */
export function registered(
  module: ModuleObject,
  registry: string,
): readonly { readonly name: string; readonly value: Value; readonly multiplicity: Multiplicity }[] {
  const options: (readonly [string, readonly (Value | null)[]])[] =
    registry === '_modules'
      ? [...module.children].map(([name, ids]) => [
          name,
          ids.map((id) => (id === null ? null : reference(id))),
        ])
      : [...module.parameters].map(([name, atoms]) => [
          name,
          atoms.map((atom) => (atom === null ? null : { kind: 'parameter', atom })),
        ]);
  return options.flatMap(([name, values]) =>
    values.flatMap((value) =>
      value
        ? [{ name, value, multiplicity: values.length === 1 ? ('one' as const) : ('maybe' as const) }]
        : [],
    ),
  );
}
