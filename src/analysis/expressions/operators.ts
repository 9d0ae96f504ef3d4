/** `left operator right`: numbers, texts, lists, tensors. */
import type { Span } from '../../python/syntax.ts';
import { among } from '../builtins/collections.ts';
import { mergeEntries, withoutDuplicates } from '../builtins/entries.ts';
import { callOwnMethod } from '../calls/functions.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import { plantUnknown } from '../modules/module-objects.ts';
import { listOfIteration } from '../modules/refusals.ts';
import type { Item } from '../state/heap.ts';
import {
  constant,
  isBoolean,
  isNumber,
  isString,
  textOrUnknown,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import { graphOf, graphOfResult, tensor } from '../tensors/graphs.ts';

/** `[layer] * 12` is written out up to this many times: the deepest encoders have 48 layers. */
const MAX_COPIES = 64;

/** `'%s.%d' % (name, index)`, where every value is a text or a whole number. */
function formatted(text: string, values: readonly Value[]): Value {
  const parts = text.split(/%[ds]/);
  const isKnown =
    parts.length === values.length + 1 &&
    parts.every((part) => !part.includes('%')) &&
    values.every((value) => isString(value) || (isNumber(value) && Number.isInteger(value.value)));
  if (!isKnown) return UNKNOWN;
  const texts = values.map((value) => (value.kind === 'constant' ? String(value.value) : ''));
  return constant(parts.map((part, index) => part + (texts[index] ?? '')).join(''));
}

const METHODS: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'truediv',
  '//': 'floordiv',
  '%': 'mod',
  '**': 'pow',
  '@': 'matmul',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'lshift',
  '>>': 'rshift',
};

/** What a class of the program makes of an operator; null where neither operand has a method for it. */
function byMethod(
  run: Interpreter,
  node: Span & { readonly operator: string; readonly kind?: string },
  left: Value,
  right: Value,
): Value | null {
  const name = METHODS[node.operator];
  if (name === undefined) return null;
  return (
    (node.kind === 'augmentedAssignment' ? callOwnMethod(run, left, `__i${name}__`, [right], node) : null) ??
    callOwnMethod(run, left, `__${name}__`, [right], node) ??
    callOwnMethod(run, right, `__r${name}__`, [left], node)
  );
}

/** `left operator right` for numbers, strings and lists. */
export function binary(
  run: Interpreter,
  node: Span & { readonly operator: string; readonly kind?: string },
  left: Value,
  right: Value,
): Value {
  const own = byMethod(run, node, left, right);
  if (own) return own;
  /** An operand, made a list where it is a generator that is added to a list or to another one. */
  const summand = (value: Value, other: Value): Value => {
    const isOfItems = other.kind === 'tuple' || /^(?:list|iterator)$/.test(run.object(other)?.kind ?? '');
    return (node.operator === '+' && isOfItems ? listOfIteration(run, value, 'add', node) : null) ?? value;
  };
  if (isNumber(left) && isNumber(right)) {
    if (right.value === 0 && /^(?:\/\/?|%)$/.test(node.operator))
      run.exceptions.refuse(node, 'ZeroDivisionError');
    const result = arithmetic(node.operator, left.value, right.value);
    return result === null || !Number.isFinite(result) ? UNKNOWN : constant(result);
  }
  if (isBoolean(left) && isBoolean(right) && /^[&|^]$/.test(node.operator)) {
    const [a, b] = [left.value, right.value];
    return constant(node.operator === '&' ? a && b : node.operator === '|' ? a || b : a !== b);
  }
  // True counts as 1 and False as 0.
  if ((isBoolean(left) && isNumber(right)) || (isNumber(left) && isBoolean(right))) {
    return binary(run, node, constant(Number(left.value)), constant(Number(right.value)));
  }
  if (node.operator === '%' && isString(left)) {
    // The commonest form of formatting a layer's name: 'layer%d' % index.
    if (right.kind === 'tuple') return formatted(left.value, right.items);
    const printable = isString(right) || isNumber(right);
    return printable && /^[^%]*%[ds][^%]*$/.test(left.value)
      ? textOrUnknown(left.value.replace(/%[ds]/, String(right.value)), run.spend)
      : UNKNOWN;
  }
  if (node.operator === '+' && isString(left) && isString(right))
    return textOrUnknown(left.value + right.value, run.spend);
  if (/^[-+|&^]$/.test(node.operator)) {
    const [a, b] = [summand(left, right), summand(right, left)].map((value) => listItems(run, value));
    if (a && b) {
      const { operator } = node;
      const items =
        operator === '-' || operator === '&'
          ? among(run, a.items, b, operator === '&')
          : operator === '|'
            ? withoutDuplicates([...a.items, ...b.items])
            : operator === '^'
              ? [...among(run, a.items, b, false), ...among(run, b.items, a, false)]
              : [...a.items, ...b.items];
      const complete = a.complete && (b.complete || operator === '-' || operator === '&');
      return run.allocate(node, { kind: 'list', items, complete });
    }
  }
  const [one, other] = [run.object(left), run.object(right)];
  if (node.operator === '|' && one?.kind === 'dictionary' && other?.kind === 'dictionary') {
    const entries = mergeEntries(one.entries, other.entries);
    return run.allocate(node, { kind: 'dictionary', entries, complete: one.complete && other.complete });
  }
  if (node.operator === '*' && isNumber(right)) {
    const list = listItems(run, left);
    if (list) {
      const times = Math.min(right.value, MAX_COPIES);
      if (times < right.value) run.spend('items');
      const items = Array.from({ length: Math.max(0, times) }, () => list.items).flat();
      return run.allocate(node, { kind: 'list', items, complete: list.complete && times === right.value });
    }
  }
  // Of modules, only containers can be added.
  const isContainer = [one, other].some((object) => object?.kind === 'module' && object.certain);
  if (
    isContainer ||
    [one, other].some((object) => /^(?:list|dictionary|iterator|instance)$/.test(object?.kind ?? ''))
  ) {
    // Whatever is done to the result may be done to what the operands hold.
    forgetWhatIsReachable(run, [left, right], null);
    return UNKNOWN;
  }
  return tensorResult(run, node, left, right);
}

/** `loss / steps`, `first + second`: arithmetic with a tensor gives a tensor. */
function tensorResult(
  run: Interpreter,
  node: { readonly operator: string; readonly start: number; readonly end: number },
  left: Value,
  right: Value,
): Value {
  const isTensor = [left, right].some(({ kind }) => /^(?:tensor|parameter|someParameter)$/.test(kind));
  const graphs = [graphOf(run, left), graphOf(run, right)];
  if (!isTensor && graphs.every((graph) => graph === null)) return UNKNOWN;
  const [first, second] = graphs;
  const isScaled = /^[*/]$/.test(node.operator) && right.kind !== 'tensor' && !second;
  const graph =
    first?.kind === 'forced' && isScaled
      ? first
      : graphOfResult(run, [left, right], node, /^(?:[-+*/@]|\*\*)$/.test(node.operator));
  if (isTensor) return tensor('result', graph);
  return plantUnknown(run, run.identity(node, ':result'), { graph: graph ?? null });
}

function listItems(
  run: Interpreter,
  value: Value,
): { readonly items: readonly Item[]; readonly complete: boolean } | null {
  if (value.kind === 'tuple') {
    return { items: value.items.map((item) => ({ value: item, multiplicity: 'one' })), complete: true };
  }
  const object = run.object(value);
  return object?.kind === 'list' ? object : null;
}

function arithmetic(operator: string, a: number, b: number): number | null {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? null : a / b;
    case '//':
      return b === 0 ? null : Math.floor(a / b);
    case '%':
      return b === 0 ? null : ((a % b) + b) % b;
    case '**':
      return a ** b;
    default:
      return null;
  }
}
