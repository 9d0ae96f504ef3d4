/** Classes that inherit from Enum: their members are objects of their own, and equal to nothing else. */
import type { Interpreter } from '../interpreter.ts';
import type { InstanceObject } from '../state/heap.ts';
import { type ClassInfo, constant, reference, UNKNOWN, type Value } from '../state/values.ts';
import { ancestry, findMember } from './python-classes.ts';

/** Those whose members are no texts and no numbers; a mixin (`class Stage(str, Enum)`) makes them equal to their values. */
const ENUMS = new Set(['enum.Enum', 'enum.Flag']);

/** Where Enum keeps the name and the value of a member. */
const NAME = '_name_';
const VALUE = '_value_';

/**
 * Makes what the body of an Enum assigned its members: `Stage.WARM` is not the number it was given
 * (Python's documentation of enum). Two names of one value are one member.
 */
export function makeEnumMembers(run: Interpreter, info: ClassInfo, members: Map<string, Value>): void {
  const libraries = ancestry(info).filter((ancestor) => typeof ancestor === 'string');
  if (libraries.length === 0 || !libraries.every((name) => ENUMS.has(name) || name === 'builtins.object'))
    return;
  // A `__new__` of its own decides what the values are.
  const keepsValues = findMember(info, '__new__') === null;
  const made: { readonly value: Value; readonly member: Value }[] = [];
  for (const [name, value] of members) {
    if (name.startsWith('_') || value.kind === 'function') continue;
    const known = made.find(
      (other) =>
        value.kind === 'constant' && other.value.kind === 'constant' && other.value.value === value.value,
    );
    const member = known?.member ?? newMember(run, info, name, keepsValues ? value : UNKNOWN);
    made.push({ value, member });
    members.set(name, member);
    run.state.variables.set(`${info.scope}:${name}`, member);
  }
}

function newMember(run: Interpreter, info: ClassInfo, name: string, value: Value): Value {
  const id = `${info.scope}:${name}`;
  const attributes = new Map<string, Value>([
    ['name', constant(name)],
    [NAME, constant(name)],
    ['value', value],
    [VALUE, value],
  ]);
  run.state.heap.set(id, { kind: 'instance', info, library: null, attributes, complete: false });
  return reference(id);
}

/** Whether two values are one member of an Enum; null where neither is a member, or nothing is known of the other. */
export function isSameMember(run: Interpreter, left: Value, right: Value): boolean | null {
  const [one, other] = [memberAt(run, left), memberAt(run, right)];
  if (one && other) return one.info === other.info && nameOf(one) === nameOf(other);
  if (one) return right.kind === 'constant' ? false : null;
  return other && left.kind === 'constant' ? false : null;
}

function memberAt(run: Interpreter, value: Value): InstanceObject | null {
  const object = run.object(value);
  return object?.kind === 'instance' && object.attributes.has(VALUE) ? object : null;
}

function nameOf({ attributes }: InstanceObject): string | null {
  const name = attributes.get(NAME);
  return name?.kind === 'constant' && typeof name.value === 'string' ? name.value : null;
}
