/** The value of an expression, with everything that evaluating it does to the state. */
import type { Argument, Binary, Expression, FormatString, Span, Subscript } from '../../python/syntax.ts';
import { isPythonBuiltin } from '../builtins/builtins.ts';
import { mergeEntries, withoutDuplicates } from '../builtins/entries.ts';
import { sequenceOf } from '../builtins/sequences.ts';
import { awaited, callOwnMethod, makeFunction } from '../calls/functions.ts';
import type { Interpreter } from '../interpreter.ts';
import { afterNameUse } from '../obligations/moments.ts';
import { noteNameComparison, noteTextAsCondition } from '../observations/name-tests.ts';
import { describeReceiver } from '../observations/receivers.ts';
import { branchOnTest } from '../running/undecided-tests.ts';
import { bounded, type Item, type Multiplicity } from '../state/heap.ts';
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
  textOrUnknown,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import { bindTarget } from '../statements/assignment.ts';
import { narrow } from '../statements/narrowing.ts';
import { runUnreadable } from '../statements/unreadable.ts';
import { graphOfResult, tensor } from '../tensors/graphs.ts';
import { getAttribute } from './attributes.ts';
import { compare, truthOf } from './comparisons.ts';
import { evaluateComprehension } from './comprehensions.ts';
import { binary } from './operators.ts';
import { getItem } from './subscripts.ts';

export function evaluate(run: Interpreter, node: Expression): Value {
  run.step(node);
  switch (node.kind) {
    case 'name':
      afterNameUse(run, node.id);
      return (
        run.variables.lookup(node.id) ??
        (isPythonBuiltin(node.id) ? external(`builtins.${node.id}`) : UNKNOWN)
      );
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
        run.call(callee, evaluateArguments(run, node.args), node),
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
    case 'set': {
      const { items, complete } = evaluateItems(run, node.elements);
      return run.allocate(node, { kind: 'list', items: withoutDuplicates(items), complete });
    }
    case 'dictionary':
      return evaluateDictionary(run, node);
    case 'unary': {
      const operand = run.evaluate(node.operand);
      if (node.operator === 'not') {
        const truth = truthOf(run, operand);
        return boolean(truth === null ? null : !truth);
      }
      const method = { '-': '__neg__', '+': '__pos__', '~': '__invert__' }[node.operator];
      const own = method && callOwnMethod(run, operand, method, [], node);
      if (own) return own;
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
      return branchOnTest(run, node, node.left, stops ? stopped : continued, stops ? continued : stopped);
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
      return branchOnTest(run, node, node.test, arm(true, node.body), arm(false, node.orelse));
    }
    case 'lambda':
      return makeFunction(run, node, null);
    case 'comprehension':
      return evaluateComprehension(run, node);
    case 'starred':
      run.evaluate(node.value);
      return UNKNOWN;
    case 'await':
      return awaited(run, run.evaluate(node.value), node);
    case 'yield': {
      const value = node.value ? run.evaluate(node.value) : NONE;
      const { collector = null, onYield = null } = run.frames.at(-1) ?? {};
      onYield?.(value);
      if (collector === null) return UNKNOWN;
      if (!node.delegates) run.collectors.collect(value, true, collector);
      else {
        const { items, complete } = sequenceOf(run, value, node, 'full');
        for (const item of items) run.collectors.collect(item.value, item.multiplicity === 'one', collector);
        if (!complete) run.collectors.collect(UNKNOWN, false, collector);
      }
      return UNKNOWN;
    }
    case 'namedExpression': {
      const value = run.evaluate(node.value);
      bindTarget(run, node.target, value);
      return value;
    }
    case 'errorExpression':
      runUnreadable(run, node);
      return UNKNOWN;
    case 'ellipsis':
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
    run.each(index, (key) => {
      // True is the second place of a sequence.
      const isPlace = isBoolean(key) && run.object(option)?.kind !== 'dictionary';
      return getItem(
        run,
        option,
        isPlace ? constant(Number(key.value)) : key,
        node.index.kind === 'slice',
        node,
      );
    }),
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
  // Each is evaluated, whatever is known of the text by then.
  const parts = node.parts.map((part) => {
    if (typeof part === 'string') return part;
    const value = run.evaluate(part.expression);
    const text = printedBy(run, value, part.plain ? PRINTING : ['__repr__'], part.expression);
    return { plain: part.plain, value: text ?? value };
  });
  for (const part of parts) {
    if (typeof part === 'string') {
      texts = texts.map((text) => text + part);
      continue;
    }
    const { value } = part;
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

const PRINTING = ['__format__', '__str__', '__repr__'];

/** What a class of the program prints an instance as; null for anything else. */
function printedBy(run: Interpreter, value: Value, methods: readonly string[], at: Span): Value | null {
  for (const name of methods) {
    const text = callOwnMethod(run, value, name, name === '__format__' ? [constant('')] : [], at);
    if (text) return text;
  }
  return null;
}

function evaluateBinary(run: Interpreter, node: Binary): Value {
  const left = run.evaluate(node.left);
  const right = run.evaluate(node.right);
  return binary(run, node, left, right);
}

/** Arguments of a call, `*iterable` and `**mapping` spread out where they are known. */
function evaluateArguments(run: Interpreter, nodes: readonly Argument[]): CallArguments {
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
