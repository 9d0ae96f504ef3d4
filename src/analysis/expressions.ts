/** The value of an expression, with everything that evaluating it does to the state. */
import type {
  Argument,
  Binary,
  Comprehension,
  Expression,
  FormatString,
  Subscript,
} from '../python/syntax.ts';
import { bindTarget } from './assignment.ts';
import { getAttribute } from './attributes.ts';
import { isPythonBuiltin } from './builtins.ts';
import { callValue } from './calls.ts';
import { among, mergeEntries, withoutDuplicates } from './collections.ts';
import { compare, truthOf } from './comparisons.ts';
import { makeFunction } from './functions.ts';
import { graphOf, graphOfResult, tensor } from './graphs.ts';
import { forgetWhatIsReachable } from './havoc.ts';
import { bounded, type Item, type Multiplicity } from './heap.ts';
import type { Interpreter } from './interpreter.ts';
import { forEachItem } from './iteration.ts';
import { plantUnknown } from './module-objects.ts';
import { noteNameComparison, noteTextAsCondition } from './name-tests.ts';
import { narrow } from './narrowing.ts';
import { afterNameUse } from './obligations/moments.ts';
import { describeReceiver } from './receivers.ts';
import { listOfIteration, nameUnpacked } from './refusals.ts';
import { sequenceOf } from './sequences.ts';
import { getItem } from './subscripts.ts';
import { branchOnTest } from './undecided-tests.ts';
import {
  boolean,
  type CallArguments,
  constant,
  external,
  isBoolean,
  isNumber,
  isString,
  MAX_OPTIONS,
  NONE,
  type TupleValue,
  textOrUnknown,
  UNKNOWN,
  type Value,
} from './values.ts';

export function evaluate(run: Interpreter, node: Expression): Value {
  run.step(node);
  switch (node.kind) {
    case 'name':
      afterNameUse(run, node.id);
      return run.lookup(node.id) ?? (isPythonBuiltin(node.id) ? external(`builtins.${node.id}`) : UNKNOWN);
    case 'attribute':
      return run.each(run.evaluate(node.object), (object) => {
        if (node.name === 'requires_grad_') {
          const receiver = describeReceiver(run, object, node.name);
          run.emit({ kind: 'flagMethodRead', attribute: node, receiver });
        }
        return getAttribute(run, object, node.name, node);
      });
    case 'call':
      return run.each(run.evaluate(node.callee), (callee) =>
        callValue(run, callee, evaluateArguments(run, node.args), node),
      );
    case 'subscript':
      return evaluateSubscript(run, node);
    case 'slice':
      return evaluateSlice(run, node);
    case 'string':
      return node.bytes ? UNKNOWN : constant(node.value);
    case 'formatString':
      return evaluateFormatString(run, node);
    case 'number':
      return Number.isNaN(node.value) ? UNKNOWN : constant(node.value);
    case 'boolean':
      return constant(node.value);
    case 'none':
      return NONE;
    case 'tuple': {
      const list = bounded({ kind: 'list', ...evaluateItems(run, node.elements) }, run.spend);
      const isExact = list.complete && list.items.every(({ multiplicity }) => multiplicity === 'one');
      const tuple: Value = { kind: 'tuple', items: list.items.map(({ value }) => value) };
      if (isExact && depthOf(tuple) <= MAX_TUPLE_DEPTH) return tuple;
      return run.allocate(node, list);
    }
    case 'list':
      return run.allocate(node, { kind: 'list', isList: true, ...evaluateItems(run, node.elements) });
    case 'set':
      return run.allocate(node, { kind: 'list', ...evaluateItems(run, node.elements) });
    case 'dictionary':
      return evaluateDictionary(run, node);
    case 'unary': {
      const operand = run.evaluate(node.operand);
      if (node.operator === 'not') {
        const truth = truthOf(run, operand);
        return boolean(truth === null ? null : !truth);
      }
      if (operand.kind === 'tensor' && node.operator === '-') {
        return tensor('result', graphOfResult(run, [operand], node, true));
      }
      // `~True` is -2, which is true as well (catalogue b11).
      if (node.operator === '~' && operand.kind === 'constant') {
        const isWhole = typeof operand.value === 'boolean' || Number.isInteger(operand.value);
        return isWhole ? constant(~Number(operand.value)) : UNKNOWN;
      }
      if (!isNumber(operand)) return UNKNOWN;
      if (node.operator === '-') return constant(-operand.value);
      return node.operator === '+' ? operand : UNKNOWN;
    }
    case 'binary':
      return evaluateBinary(run, node);
    case 'booleanOperation': {
      noteTextAsCondition(run, node);
      const left = run.evaluate(node.left);
      const truth = truthOf(run, left);
      const stops = node.operator === 'or';
      if (truth !== null) return truth === stops ? left : run.evaluate(node.right);
      const stopped = (): Value => {
        narrow(run, node.left, stops);
        // Whatever `left` is, after `and` it is something false.
        return left.kind === 'unknown' && !stops ? boolean(false) : left;
      };
      const continued = (): Value => {
        narrow(run, node.left, !stops);
        return run.evaluate(node.right);
      };
      return branchOnTest(run, node, stopped, continued);
    }
    case 'comparison': {
      let left = run.evaluate(node.left);
      let answer = true as boolean | null;
      for (const { operator, right: rightNode } of node.rest) {
        const right = run.evaluate(rightNode);
        const part = compareOptions(run, operator, left, right);
        noteNameComparison(run, node, operator, left, right, part);
        answer = part === false || answer === false ? false : part === null || answer === null ? null : true;
        left = right;
      }
      return boolean(answer);
    }
    case 'conditional': {
      const truth = truthOf(run, run.evaluate(node.test));
      if (truth !== null) return run.evaluate(truth ? node.body : node.orelse);
      const arm = (outcome: boolean, result: Expression) => (): Value => {
        narrow(run, node.test, outcome);
        return run.evaluate(result);
      };
      return branchOnTest(run, node, arm(true, node.body), arm(false, node.orelse));
    }
    case 'lambda':
      return makeFunction(run, node, null);
    case 'comprehension':
      return evaluateComprehension(run, node);
    case 'starred':
      run.evaluate(node.value);
      return UNKNOWN;
    case 'await':
      return run.evaluate(node.value);
    case 'yield': {
      const value = node.value ? run.evaluate(node.value) : NONE;
      const { collector = null, onYield = null } = run.frames.at(-1) ?? {};
      onYield?.(value);
      if (collector === null) return UNKNOWN;
      if (!node.delegates) run.collect(value, true, collector);
      else {
        const { items, complete } = sequenceOf(run, value, node, 'full');
        for (const item of items) run.collect(item.value, item.multiplicity === 'one', collector);
        if (!complete) run.collect(UNKNOWN, false, collector);
      }
      return UNKNOWN;
    }
    case 'namedExpression': {
      const value = run.evaluate(node.value);
      bindTarget(run, node.target, value);
      return value;
    }
    case 'ellipsis':
    case 'errorExpression':
      return UNKNOWN;
  }
}

function compareOptions(
  run: Interpreter,
  operator: Parameters<typeof compare>[1],
  left: Value,
  right: Value,
): boolean | null {
  const answers = new Set<boolean | null>();
  for (const a of left.kind === 'union' ? left.options : [left]) {
    for (const b of right.kind === 'union' ? right.options : [right])
      answers.add(compare(run, operator, a, b));
  }
  const [answer = null] = answers;
  return answers.size === 1 ? answer : null;
}

function evaluateSlice(run: Interpreter, node: Expression & { kind: 'slice' }): Value {
  const part = (bound: Expression | null): Value => (bound ? run.evaluate(bound) : NONE);
  return {
    kind: 'tuple',
    items: [constant('<slice>'), part(node.lower), part(node.upper), part(node.step)],
  };
}

function evaluateSubscript(run: Interpreter, node: Subscript): Value {
  const object = run.evaluate(node.object);
  const index = run.evaluate(node.index);
  return run.each(object, (option) =>
    run.each(index, (key) => getItem(run, option, key, node.index.kind === 'slice', node)),
  );
}

/** The items of a display, with `*iterable` spread out. */
function evaluateItems(
  run: Interpreter,
  elements: readonly Expression[],
): { readonly items: readonly Item[]; readonly complete: boolean } {
  const items: Item[] = [];
  let complete = true;
  for (const element of elements) {
    if (element.kind !== 'starred') {
      items.push({ value: run.evaluate(element), multiplicity: 'one' });
      continue;
    }
    const spread = sequenceOf(run, run.evaluate(element.value), element, 'full');
    items.push(...spread.items);
    complete &&= spread.complete;
  }
  return { items, complete };
}

/**
 * Tuples in tuples; one that a loop puts into itself again and again is taken for a list, whose items are looked up.
 * Nothing of it is lost, so that this is no budget.
 */
const MAX_TUPLE_DEPTH = 8;

const depthOf = (value: Value): number =>
  value.kind === 'tuple' ? 1 + Math.max(0, ...value.items.map(depthOf)) : 0;

function evaluateDictionary(run: Interpreter, node: Expression & { kind: 'dictionary' }): Value {
  const entries: { key: Value; value: Value; multiplicity: 'one' | 'maybe' | 'many' }[] = [];
  let complete = true;
  for (const { key, value } of node.entries) {
    const evaluated = run.evaluate(value);
    if (key) {
      entries.push({ key: run.evaluate(key), value: evaluated, multiplicity: 'one' });
      continue;
    }
    const spread = run.object(evaluated);
    if (spread?.kind === 'dictionary') {
      entries.push(...spread.entries);
      complete &&= spread.complete;
    } else complete = false;
  }
  return run.allocate(node, { kind: 'dictionary', entries: mergeEntries([], entries), complete });
}

function evaluateFormatString(run: Interpreter, node: FormatString): Value {
  let texts: readonly string[] = [''];
  for (const part of node.parts) {
    if (typeof part === 'string') {
      texts = texts.map((text) => text + part);
      continue;
    }
    const value = run.evaluate(part.expression);
    const options = value.kind === 'union' ? value.options : [value];
    const printed = options.flatMap((option) =>
      isString(option) || (isNumber(option) && Number.isInteger(option.value)) ? [String(option.value)] : [],
    );
    if (!part.plain || printed.length < options.length) return UNKNOWN;
    texts = [...new Set(texts.flatMap((text) => printed.map((end) => text + end)))];
    if (texts.length <= MAX_OPTIONS) continue;
    run.spend('options');
    return UNKNOWN;
  }
  return texts
    .map((text) => textOrUnknown(text, run.spend))
    .reduce((one, other) => run.joinValues(one, other));
}

function evaluateBinary(run: Interpreter, node: Binary): Value {
  const left = run.evaluate(node.left);
  const right = run.evaluate(node.right);
  return binary(run, node, left, right);
}

/** `[layer] * 12` is written out up to this many times: the deepest encoders have 48 layers. */
const MAX_COPIES = 64;

/** `left operator right` for numbers, strings and lists. */
export function binary(
  run: Interpreter,
  node: { readonly operator: string; readonly start: number; readonly end: number },
  left: Value,
  right: Value,
): Value {
  /** An operand, made a list where it is a generator that is added to a list or to another one. */
  const summand = (value: Value, other: Value): Value => {
    const isOfItems = other.kind === 'tuple' || /^(?:list|iterator)$/.test(run.object(other)?.kind ?? '');
    return (node.operator === '+' && isOfItems ? listOfIteration(run, value, 'add', node) : null) ?? value;
  };
  if (isNumber(left) && isNumber(right)) {
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
  if (/^[-+|&]$/.test(node.operator)) {
    const [a, b] = [summand(left, right), summand(right, left)].map((value) => listItems(run, value));
    if (a && b) {
      const { operator } = node;
      const items =
        operator === '-' || operator === '&'
          ? among(run, a.items, b, operator === '&')
          : operator === '|'
            ? withoutDuplicates([...a.items, ...b.items])
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
  if ([one, other].some((object) => /^(?:list|dictionary|iterator|instance)$/.test(object?.kind ?? ''))) {
    // Whatever is done to the result may be done to what the operands hold.
    forgetWhatIsReachable(run, [left, right], null);
    return UNKNOWN;
  }
  return tensorResult(run, node, left, right);
}

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

/** `loss / steps`, `first + second`: arithmetic with a tensor gives a tensor. */
function tensorResult(
  run: Interpreter,
  node: { readonly operator: string; readonly start: number; readonly end: number },
  left: Value,
  right: Value,
): Value {
  const isTensor = left.kind === 'tensor' || right.kind === 'tensor';
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

/** Arguments of a call, `*iterable` and `**mapping` spread out where they are known. */
export function evaluateArguments(run: Interpreter, nodes: readonly Argument[]): CallArguments {
  const positional: Value[] = [];
  const certainty: Multiplicity[] = [];
  const keywords = new Map<string, Value>();
  let complete = true;
  for (const { form, name, value: node } of nodes) {
    const value = run.evaluate(node);
    if (form === 'positional') {
      positional.push(value);
      certainty.push('one');
    } else if (form === 'keyword') keywords.set(name ?? '', value);
    else if (form === 'star') {
      const spread = sequenceOf(run, value, node, 'full');
      for (const item of spread.items) {
        positional.push(item.value);
        certainty.push(item.multiplicity);
      }
      if (!spread.complete || spread.items.some(({ multiplicity }) => multiplicity !== 'one'))
        complete = false;
    } else {
      const object = run.object(value);
      if (object?.kind === 'dictionary') {
        for (const entry of object.entries)
          if (isString(entry.key)) keywords.set(entry.key.value, entry.value);
        if (!object.complete || object.entries.some(({ multiplicity }) => multiplicity !== 'one'))
          complete = false;
      } else complete = false;
    }
  }
  return certainty.every((one) => one === 'one')
    ? { positional, keywords, complete }
    : { positional, certainty, keywords, complete };
}

// ------------------------------------------------------------------ comprehensions

function evaluateComprehension(run: Interpreter, node: Comprehension): Value {
  if (node.form === 'generator') {
    const frame = run.frames.at(-1);
    if (frame) frame.captured = true;
    const [first] = node.clauses;
    const inner = first ? run.evaluate(first.iterable) : UNKNOWN;
    return run.allocate(node, {
      kind: 'iterator',
      source: { kind: 'comprehension', node, scopes: run.scopes, inner },
      used: 'no',
      usedAt: null,
      built: node,
    });
  }
  const { items, complete } = runComprehension(run, node);
  if (node.form !== 'dictionary') {
    const isList = node.form === 'list';
    return run.allocate(node, { kind: 'list', items, complete, ...(isList ? { isList } : {}) });
  }
  const entries = items.map(({ value, multiplicity }) => {
    const [key = UNKNOWN, entry = UNKNOWN] = (value as TupleValue).items;
    return { key, value: entry, multiplicity };
  });
  return run.allocate(node, { kind: 'dictionary', entries, complete });
}

/** Runs a comprehension's loops in a scope of its own; `outermost` is what the first goes over, where it is known. */
export function runComprehension(
  run: Interpreter,
  node: Comprehension,
  outermost: Value | null = null,
): { readonly items: readonly Item[]; readonly complete: boolean } {
  let complete = true;
  const scope = run.identity(node, ':scope');
  const saved = run.scopes;
  const items = run.collecting(() => {
    const clause = (index: number): void => {
      const current = node.clauses[index];
      if (!current) {
        const element = run.evaluate(node.element);
        const value: Value = node.value
          ? { kind: 'tuple', items: [element, run.evaluate(node.value)] }
          : element;
        run.collect(value, true);
        return;
      }
      const iterable = index === 0 && outermost ? outermost : run.evaluate(current.iterable);
      run.each(iterable, (given) => {
        const option = nameUnpacked(run, given, current.target);
        const sequence = sequenceOf(run, option, current.iterable, 'full');
        const each = (value: Value): void => {
          bindTarget(run, current.target, value);
          conditions(current.conditions, () => clause(index + 1));
        };
        forEachItem(run, sequence.items, (value, position) => run.within(`c${position}`, () => each(value)));
        if (!sequence.complete) {
          complete = false;
          run.branch([
            () => {
              each(UNKNOWN);
              return UNKNOWN;
            },
            () => UNKNOWN,
          ]);
        }
        return UNKNOWN;
      });
    };
    const conditions = (tests: readonly Expression[], then: () => void): void => {
      const [test, ...rest] = tests;
      if (!test) {
        then();
        return;
      }
      const truth = truthOf(run, run.evaluate(test));
      if (truth === false) return;
      if (truth === true) {
        conditions(rest, then);
        return;
      }
      run.branch([
        () => {
          narrow(run, test, true);
          conditions(rest, then);
          return UNKNOWN;
        },
        () => UNKNOWN,
      ]);
    };
    run.scopes = [...saved, scope];
    clause(0);
  });
  run.scopes = saved;
  return { items, complete };
}
