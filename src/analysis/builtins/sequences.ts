/** What iterating over a value gives; one-shot iterators are used up by it, as in Python. */
import type { Span } from '../../python/syntax.ts';
import { callOwnMethod } from '../calls/functions.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import { isPythonClass, memberOf } from '../calls/python-classes.ts';
import type { Interpreter } from '../interpreter.ts';
import { childrenOf } from '../modules/module-parts.ts';
import { callForgotten } from '../modules/refusals.ts';
import { isRegistry, parameterContainer, registered } from '../modules/registries.ts';
import type { Item, ModuleObject } from '../state/heap.ts';
import { constant, isString, reference, type Value } from '../state/values.ts';
import { type Sequence, UNKNOWN_SEQUENCE } from '../statements/iteration.ts';
import { graphOfResult, tensor } from '../tensors/graphs.ts';
import { consume } from './iterators.ts';

/** How an iterable is used: to its end, for one item (`next`), or for nobody knows how many (`zip`, a loop with `break`). */
export type Consumption = 'full' | 'one' | 'partial';

/** Rows of a parameter that are told apart. */
const MAX_ROWS = 16;

/** The items of a value. A union gives what any of its options may give. */
export function sequenceOf(run: Interpreter, value: Value, at: Span, consumption: Consumption): Sequence {
  switch (value.kind) {
    case 'tuple':
      return { items: value.items.map((item) => ({ value: item, multiplicity: 'one' })), complete: true };
    case 'constant':
      return isString(value)
        ? {
            items: [...value.value].map((letter) => ({ value: constant(letter), multiplicity: 'one' })),
            complete: true,
          }
        : UNKNOWN_SEQUENCE;
    case 'union': {
      const sequences = value.options.map((option) => sequenceOf(run, option, at, 'partial'));
      return {
        items: sequences.flatMap(({ items }) =>
          items.map((item): Item => ({ ...item, multiplicity: 'maybe' })),
        ),
        complete: sequences.every(({ complete }) => complete),
      };
    }
    case 'reference':
      return sequenceOfObject(run, value, at, consumption);
    case 'parameter': {
      const [rows = Infinity] = run.atoms.isClass(value.atom) ? [] : (run.atoms.shapeOf(value.atom) ?? []);
      if (rows > MAX_ROWS) return UNKNOWN_SEQUENCE;
      const row = tensor('graph', graphOfResult(run, [value], at, true), value);
      return {
        items: Array.from({ length: rows }, () => ({ value: row, multiplicity: 'one' })),
        complete: true,
      };
    }
    case 'method': {
      const module = isRegistry(value.name) ? run.object(value.receiver) : null;
      if (module?.kind === 'module') {
        const items = registered(module, value.name).map(({ name, multiplicity }) => ({
          value: constant(name),
          multiplicity,
        }));
        return { items, complete: module.opaque === null };
      }
      const called = callForgotten(run, value, at);
      return called === value ? UNKNOWN_SEQUENCE : sequenceOf(run, called, at, consumption);
    }
    default:
      return UNKNOWN_SEQUENCE;
  }
}

function sequenceOfObject(
  run: Interpreter,
  value: Value & { kind: 'reference' },
  at: Span,
  consumption: Consumption,
): Sequence {
  const object = run.object(value);
  switch (object?.kind) {
    case 'list':
      return object;
    case 'dictionary':
      return {
        items: object.entries.map(({ key, multiplicity }) => ({ value: key, multiplicity })),
        complete: object.complete,
      };
    case 'iterator':
      return consume(run, value.id, object, at, consumption);
    case 'instance':
      return sequenceOfInstance(run, value, at, consumption);
    case 'module': {
      const parameters = parametersInContainer(object);
      if (parameters) return parameters;
      if (object.info && memberOf(run, object.info, '__iter__'))
        return sequenceOfInstance(run, value, at, consumption);
      if (!object.certain && !object.parent) return UNKNOWN_SEQUENCE;
      if (!object.certain && !isIteratedLikeModules(run, value.id)) return UNKNOWN_SEQUENCE;
      const named = object.library === 'torch.nn.ModuleDict';
      return {
        items: childrenOf(run, value.id, true).map(({ name, id, multiplicity }) => ({
          value: named ? name : reference(id),
          multiplicity,
        })),
        complete: true,
      };
    }
    default:
      return UNKNOWN_SEQUENCE;
  }
}

/** What `__iter__` of the program's own class gives. */
function sequenceOfInstance(
  run: Interpreter,
  value: Value & { kind: 'reference' },
  at: Span,
  consumption: Consumption,
): Sequence {
  const given = callOwnMethod(run, value, '__iter__', [], at);
  const kind = given ? run.object(given)?.kind : undefined;
  if (given && (given.kind === 'tuple' || kind === 'list' || kind === 'dictionary' || kind === 'iterator')) {
    return sequenceOf(run, given, at, consumption);
  }
  // Its items come out of a method that is not followed, such as `__next__`.
  forgetWhatIsReachable(run, value, null);
  return UNKNOWN_SEQUENCE;
}

/** `nn.ParameterList` gives its parameters, `nn.ParameterDict` their names; null for other modules. */
function parametersInContainer(object: ModuleObject): Sequence | null {
  const kind = parameterContainer(object);
  if (!kind) return null;
  const items = registered(object, '_parameters').map(({ name, value, multiplicity }) => ({
    value: kind === 'list' ? value : constant(name),
    multiplicity,
  }));
  return { items, complete: object.opaque === null };
}

/** An attribute of something that is certainly a module, such as `model.blocks`. */
function isIteratedLikeModules(run: Interpreter, id: string): boolean {
  let object = run.state.heap.get(id);
  while (object?.kind === 'module' && object.parent) {
    const parent = run.state.heap.get(object.parent.id);
    if (parent?.kind === 'module' && parent.certain) return !isPythonClass(parent);
    object = parent;
  }
  return false;
}
