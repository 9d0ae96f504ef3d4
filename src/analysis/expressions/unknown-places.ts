/** A part of something that is asked for by an index or a name that nobody knows: it may be any of them. */
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import { ancestry } from '../calls/python-classes.ts';
import type { Interpreter } from '../interpreter.ts';
import { childrenOf } from '../modules/module-parts.ts';
import type { Item, ModuleObject } from '../state/heap.ts';
import {
  isString,
  MAX_OPTIONS,
  type MethodValue,
  type ObjectId,
  reference,
  sameValue,
  UNKNOWN,
  type Value,
} from '../state/values.ts';

/** Modules among which one that nobody can tell is gone through option by option: large encoders have 24 to 48 layers. */
const MAX_PARTS = 48;

/** One unknown item of several: a parameter or module that may be any of them, or unknown. */
export function anyOf(run: Interpreter, items: readonly Item[]): Value {
  const values: Value[] = [];
  for (const { value } of items) if (!values.some((known) => sameValue(known, value))) values.push(value);
  const atoms = values.flatMap((value) =>
    value.kind === 'parameter'
      ? run.atoms.leaves(value.atom)
      : value.kind === 'someParameter'
        ? value.atoms
        : [],
  );
  if (values.every(({ kind }) => kind === 'parameter' || kind === 'someParameter')) {
    return atoms.length > 0 ? { kind: 'someParameter', atoms } : UNKNOWN;
  }
  const isModule = (value: Value): boolean => run.object(value)?.kind === 'module';
  if (values.length <= (values.every(isModule) ? MAX_PARTS : MAX_OPTIONS)) {
    // What stands for many modules stands for one of them here.
    const isOne = values.every((value) => !isGeneric(run, value));
    return { kind: 'union', options: isOne ? values : [...values, UNKNOWN] };
  }
  run.spend('parts');
  // Whatever is done to it may be done to any of them.
  forgetWhatIsReachable(run, values, null);
  return UNKNOWN;
}

function isGeneric(run: Interpreter, value: Value): boolean {
  const object = run.object(value);
  return object?.kind === 'module' && object.generic !== null;
}

/** `dictionary[key]` for an unknown key. What holds other things than modules, parameters and their names stays unknown. */
export function anyEntry(run: Interpreter, items: readonly Item[]): Value {
  const isPart = ({ value }: Item): boolean =>
    value.kind === 'parameter' ||
    value.kind === 'someParameter' ||
    isString(value) ||
    run.object(value)?.kind === 'module';
  if (items.length > 0 && items.every(isPart)) return anyOf(run, items);
  forgetWhatIsReachable(
    run,
    items.map(({ value }) => value),
    null,
  );
  return UNKNOWN;
}

/** `container[index]` or `module._modules[name]` for one that is unknown. */
export function anyChild(run: Interpreter, id: ObjectId, object: ModuleObject): Value {
  if (!object.certain) return UNKNOWN;
  const items = childrenOf(run, id).map(({ id: child, multiplicity }) => ({
    value: reference(child),
    multiplicity,
  }));
  return items.length > 0 ? anyOf(run, items) : UNKNOWN;
}

/** The name of a method of which nobody knows which it is. */
const ANY_METHOD = '?';

/**
 * `getattr(object, name)` for an unknown name: a child or a parameter of its own, if it is either, or one of its
 * methods.
 */
export function anyAttribute(run: Interpreter, value: Value): Value {
  const object = run.object(value);
  if (value.kind !== 'reference' || (object?.kind !== 'instance' && object?.kind !== 'module'))
    return UNKNOWN;
  const method: Value = { kind: 'method', receiver: value, name: ANY_METHOD };
  const options: Value[] = [method];
  const add = (part: Value): void => void options.push(...(part.kind === 'union' ? part.options : [part]));
  if (object.kind === 'module') {
    add(anyChild(run, value.id, object));
    const own = [...object.parameters.values()].flatMap((slots) => slots.filter((atom) => atom !== null));
    if (own.length > 0) options.push({ kind: 'someParameter', atoms: own });
  } else {
    const items = [...object.attributes.values()]
      .filter((attribute) => run.object(attribute)?.kind === 'module')
      .map((attribute): Item => ({ value: attribute, multiplicity: 'maybe' }));
    if (items.length > 0) add(anyOf(run, items));
  }
  return { kind: 'union', options };
}

/** What a call of any method of an object may change by itself: the object, and what its own methods use. */
export function changedByAnyMethod(
  run: Interpreter,
  { receiver, name }: MethodValue,
): readonly Value[] | null {
  if (name !== ANY_METHOD) return null;
  const object = run.object(receiver);
  const info = object?.kind === 'instance' || object?.kind === 'module' ? object.info : null;
  const classes = info ? [...ancestry(info)].filter((one) => typeof one !== 'string') : [];
  const methods = classes.flatMap(({ members }) =>
    [...members.values()].filter(({ kind }) => kind === 'function'),
  );
  return [receiver, ...methods];
}
