/** Truth and comparison of abstract values: true, false, or null where nobody can tell. */
import type { ComparisonOperator } from '../../python/syntax.ts';
import { harmlessMethod, isTensorMethod } from '../../torch/harmless.ts';
import { findLayer } from '../../torch/layers.ts';
import { canonicalName } from '../../torch/names.ts';
import { testName } from '../builtins/strings.ts';
import { isSameMember } from '../calls/enums.ts';
import { callOwnMethod } from '../calls/functions.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import { memberOf } from '../calls/python-classes.ts';
import type { Interpreter } from '../interpreter.ts';
import { isRegistry } from '../modules/registries.ts';
import type { AtomId } from '../state/atoms.ts';
import type { Item, ModuleObject } from '../state/heap.ts';
import { boolean, isNone, isNumber, isString, sameValue, UNKNOWN, type Value } from '../state/values.ts';

/** Python's truth of a value. */
export function truthOf(run: Interpreter, value: Value): boolean | null {
  switch (value.kind) {
    case 'constant':
      return value.value !== null && value.value !== false && value.value !== 0 && value.value !== '';
    case 'tuple':
      return value.items.length > 0;
    case 'function':
    case 'class':
    case 'partial':
    case 'super':
      return true;
    case 'method':
      return isCertainlyMethod(run, value) ? true : null;
    case 'external':
      return run.undecidedTests.truths.get(value.path) ?? null;
    case 'union': {
      const answers = new Set(value.options.map((option) => truthOf(run, option)));
      const [answer = null] = answers;
      return answers.size === 1 ? answer : null;
    }
    case 'reference': {
      const object = run.object(value);
      if (object?.kind === 'list') {
        if (object.items.some(({ multiplicity }) => multiplicity === 'one')) return true;
        return object.items.length === 0 && object.complete ? false : null;
      }
      if (object?.kind === 'dictionary') {
        if (object.entries.some(({ multiplicity }) => multiplicity === 'one')) return true;
        return object.entries.length === 0 && object.complete ? false : null;
      }
      if (object?.kind !== 'module' && object?.kind !== 'instance') return object ? true : null;
      const { info } = object;
      const decisive = info && ['__bool__', '__len__'].find((name) => memberOf(run, info, name));
      if (decisive) return truthOf(run, callOwnMethod(run, value, decisive, [], run.at) ?? UNKNOWN);
      if (object.kind === 'instance') return object.complete ? true : null;
      return object.certain ? truthOfModule(object) : null;
    }
    default:
      return null;
  }
}

/** Whether what was read by the name of a method is one: of an object whose attributes are not all known it may be data. */
function isCertainlyMethod(run: Interpreter, { receiver, name }: Value & { kind: 'method' }): boolean {
  if (/^(?:parameter|someParameter|tensor)$/.test(receiver.kind)) return isTensorMethod(name);
  switch (run.object(receiver)?.kind) {
    case 'module':
      return !isRegistry(name);
    case 'optimizer':
    case 'instance':
      return harmlessMethod(name, 'optimizer') !== null;
    default:
      return true;
  }
}

/** Containers of layers have a length. */
function truthOfModule({ library, children, parameters, opaque }: ModuleObject): boolean | null {
  if (!/\.(?:Sequential|(?:Module|Parameter)(?:List|Dict))$/.test(library ?? '')) return true;
  const slots: (readonly unknown[])[] = [...children.values(), ...parameters.values()];
  if (slots.some((options) => !options.includes(null))) return true;
  return slots.length === 0 && opaque === null ? false : null;
}

const negate = (answer: boolean | null): boolean | null => (answer === null ? null : !answer);

const METHODS: Partial<Record<ComparisonOperator, readonly [own: string, reflected: string]>> = {
  '==': ['__eq__', '__eq__'],
  '!=': ['__ne__', '__ne__'],
  '<': ['__lt__', '__gt__'],
  '<=': ['__le__', '__ge__'],
  '>': ['__gt__', '__lt__'],
  '>=': ['__ge__', '__le__'],
};

/** What a class of the program makes of a comparison; null where neither operand has a method for it. */
function comparedByMethod(
  run: Interpreter,
  operator: ComparisonOperator,
  left: Value,
  right: Value,
): Value | null {
  if (left.kind !== 'reference' && right.kind !== 'reference') return null;
  if (operator === 'in' || operator === 'not in') {
    const found = callOwnMethod(run, right, '__contains__', [left], run.at);
    return found && (operator === 'in' ? found : boolean(negate(truthOf(run, found))));
  }
  const [own, reflected] = METHODS[operator] ?? [];
  if (own === undefined || reflected === undefined) return null;
  const result =
    callOwnMethod(run, left, own, [right], run.at) ?? callOwnMethod(run, right, reflected, [left], run.at);
  if (result || operator !== '!=') return result;
  const equals = comparedByMethod(run, '==', left, right);
  return equals && boolean(negate(truthOf(run, equals)));
}

/** `left operator right` */
export function compare(
  run: Interpreter,
  operator: ComparisonOperator,
  left: Value,
  right: Value,
): boolean | null {
  const own = comparedByMethod(run, operator, left, right);
  if (own) return truthOf(run, own);
  switch (operator) {
    case '==':
      return equal(run, left, right);
    case '!=':
      return negate(equal(run, left, right));
    case 'is':
      return identical(run, left, right);
    case 'is not':
      return negate(identical(run, left, right));
    case 'in':
      return contains(run, right, left);
    case 'not in':
      return negate(contains(run, right, left));
    default:
      return ordered(run, operator, left, right);
  }
}

function ordered(run: Interpreter, operator: ComparisonOperator, left: Value, right: Value): boolean | null {
  if (left.kind === 'atomName' && isNumber(right)) {
    const text = `${left.strip}|${left.transform} ${operator} ${right.value}`;
    return run.iterated.decide(left.atom, { kind: 'other', text, after: '' });
  }
  const [a, b] = [left, right].map((value) => (isNumber(value) || isString(value) ? value.value : null));
  if (a === null || a === undefined || b === null || b === undefined || typeof a !== typeof b) return null;
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}

function equal(run: Interpreter, left: Value, right: Value): boolean | null {
  if (left.kind === 'atomName' && isString(right)) return testName(run, left, 'equals', right.value);
  if (right.kind === 'atomName' && isString(left)) return testName(run, right, 'equals', left.value);
  if (left.kind === 'atomName' && isNumber(right)) {
    const text = `${left.strip}|${left.transform} == ${right.value}`;
    return run.iterated.decide(left.atom, { kind: 'other', text, after: '' });
  }
  if (left.kind === 'constant' && right.kind === 'constant') {
    // Python's True equals 1 and False equals 0.
    const number = (value: Value & { kind: 'constant' }): unknown =>
      typeof value.value === 'boolean' ? Number(value.value) : value.value;
    return number(left) === number(right);
  }
  if (left.kind === 'tuple' && right.kind === 'tuple' && identifiedParameter(left) === null) {
    if (left.items.length !== right.items.length) return false;
    return left.items.every((item, index) => {
      const other = right.items[index];
      return other !== undefined && equal(run, item, other) === true;
    })
      ? true
      : null;
  }
  if (left.kind === 'reference' && right.kind === 'reference' && sameValue(left, right)) return true;
  const known = isSameClass(left, right) ?? isSameMember(run, left, right);
  if (known !== null) return known;
  const [one, other] = [identifiedParameter(left), identifiedParameter(right)];
  if (one !== null && other !== null && left.kind === 'tuple') {
    return isMember(run, left, { value: right, multiplicity: run.atoms.isClass(other) ? 'maybe' : 'one' });
  }
  return null;
}

/** Whether two values are certainly the same object, or certainly not. */
function identical(run: Interpreter, left: Value, right: Value): boolean | null {
  if (isNone(left) || isNone(right)) {
    const other = isNone(left) ? right : left;
    if (isNone(other)) return true;
    if (other.kind === 'unknown' || other.kind === 'union' || other.kind === 'someParameter') return null;
    if (other.kind === 'external') return null;
    if (other.kind === 'tensor') return other.origin === 'gradient' ? null : false;
    if (other.kind === 'method') return isCertainlyMethod(run, other) ? false : null;
    const object = run.object(other);
    return object?.kind === 'module' && !object.certain ? null : false;
  }
  // Equal texts and numbers may be one object or two.
  if (left.kind === 'constant' && right.kind === 'constant') {
    if (left.value !== right.value) return false;
    return typeof left.value === 'boolean' ? true : null;
  }
  if (left.kind === 'reference' && right.kind === 'reference' && sameValue(left, right)) return true;
  const sameMember = isSameMember(run, left, right);
  if (sameMember !== null) return sameMember;
  if (left.kind === 'parameter' && right.kind === 'parameter') {
    if (run.atoms.isClass(left.atom) || run.atoms.isClass(right.atom)) return null;
    return left.atom === right.atom;
  }
  if (left.kind === 'reference' && right.kind === 'reference') {
    const [a, b] = [run.object(left), run.object(right)];
    return a?.kind === 'module' && b?.kind === 'module' && a.certain && b.certain && !a.generic && !b.generic
      ? false
      : null;
  }
  return isSameClass(left, right);
}

/** Whether two classes are one: `type(layer) == nn.Linear`; null where one of them is no class that is known. */
function isSameClass(left: Value, right: Value): boolean | null {
  const isLayer = (value: Value): boolean => value.kind === 'external' && findLayer(value.path) !== null;
  if (left.kind === 'class' && right.kind === 'class') return left.info === right.info;
  if (left.kind === 'external' && right.kind === 'external') {
    if (canonicalName(left.path) === canonicalName(right.path)) return isLayer(left) ? true : null;
    return isLayer(left) && isLayer(right) ? false : null;
  }
  return (left.kind === 'class' && isLayer(right)) || (isLayer(left) && right.kind === 'class')
    ? false
    : null;
}

/** `item in collection` */
function contains(run: Interpreter, collection: Value, item: Value): boolean | null {
  if (isString(collection)) {
    if (isString(item)) return collection.value.includes(item.value);
    if (item.kind === 'atomName') {
      const text = `${item.strip}|${item.transform} in ${collection.value}`;
      return run.iterated.decide(item.atom, { kind: 'other', text, after: '' });
    }
    return null;
  }
  if (collection.kind === 'atomName') {
    return isString(item) ? testName(run, collection, 'contains', item.value) : null;
  }
  const among = (members: readonly Item[], complete: boolean): boolean | null => {
    let answer: boolean | null = complete ? false : null;
    for (const member of members) {
      const same = isMember(run, item, member);
      if (same === true) return true;
      if (same === null) answer = null;
    }
    return answer;
  };
  if (collection.kind === 'tuple') {
    return among(
      collection.items.map((value) => ({ value, multiplicity: 'one' })),
      true,
    );
  }
  const object = run.object(collection);
  if (object?.kind === 'list') return among(object.items, object.complete);
  if (object?.kind === 'dictionary') {
    return among(
      object.entries.map(({ key, multiplicity }) => ({ value: key, multiplicity })),
      object.complete,
    );
  }
  // It is asked for its items until the right one comes.
  if (object?.kind === 'iterator') forgetWhatIsReachable(run, collection, run.at);
  return null;
}

/** The parameter that a value is, or whose `id()` it is. */
function identifiedParameter(value: Value): AtomId | null {
  if (value.kind === 'parameter') return value.atom;
  if (value.kind !== 'tuple') return null;
  const [tag, inner] = value.items;
  return tag && isString(tag) && tag.value === IDENTITY_TAG && inner?.kind === 'parameter'
    ? inner.atom
    : null;
}

/** First item of the tuple that stands for `id(object)`. */
export const IDENTITY_TAG = '<id>';

/** Whether a member of a collection is this item; for classes, whether it covers every member of the item's class. */
export function isMember(run: Interpreter, item: Value, member: Item): boolean | null {
  const [wanted, present] = [identifiedParameter(item), identifiedParameter(member.value)];
  if (wanted !== null && present !== null) {
    const covering = new Set(run.atoms.leaves(present));
    const leaves = run.atoms.leaves(wanted);
    if (leaves.every((leaf) => !covering.has(leaf))) return false;
    return member.multiplicity !== 'maybe' && leaves.every((leaf) => covering.has(leaf)) ? true : null;
  }
  const same =
    item.kind === 'reference' ? identical(run, item, member.value) : equal(run, item, member.value);
  return same === true && member.multiplicity !== 'one' ? null : same;
}
