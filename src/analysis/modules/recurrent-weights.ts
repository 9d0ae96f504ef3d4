/** `all_weights` of `nn.RNN`, `nn.LSTM` and `nn.GRU`: a list of the parameters of each layer and direction. */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import type { Item, ModuleObject } from '../state/heap.ts';
import { slotValue, type Value } from '../state/values.ts';

/** The parameters of a recurrent layer as it lists them itself; null for what has no such list. */
export function recurrentWeights(
  run: Interpreter,
  object: ModuleObject,
  name: string,
  at: Span,
): Value | null {
  if (name !== 'all_weights' || !/^torch\.nn\.(?:RNN|LSTM|GRU)$/.test(object.library ?? '')) return null;
  const layers = new Map<string, Item[]>();
  for (const [parameter, options] of object.parameters) {
    const layer = /_l\d+(?:_reverse)?$/.exec(parameter)?.[0];
    if (layer === undefined) continue;
    const value = slotValue(options, (atom) => ({ kind: 'parameter', atom }));
    layers.set(layer, [...(layers.get(layer) ?? []), { value, multiplicity: 'one' }]);
  }
  const items = [...layers].map(([layer, parameters]): Item => {
    const list = run.allocate(at, { kind: 'list', items: parameters, complete: true }, `:weights${layer}`);
    return { value: list, multiplicity: 'one' };
  });
  return run.allocate(at, { kind: 'list', items, complete: true }, ':all_weights');
}
