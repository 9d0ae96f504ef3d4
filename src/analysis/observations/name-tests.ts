/** Notes, for the rules, what the program asks of the names of parameters and modules. */
import type { BooleanOperation, ComparisonOperator, Expression, Span } from '../../python/syntax.ts';
import { walkExpressions } from '../../python/walk.ts';
import type { NameOperation, TestedName } from '../events.ts';
import { truthOf } from '../expressions/comparisons.ts';
import type { Interpreter } from '../interpreter.ts';
import { type CallArguments, isString, type Value } from '../state/values.ts';

/** The name of a parameter or module that a value is; null for any other value. */
function testedName(run: Interpreter, value: Value): TestedName | null {
  if (value.kind === 'constant') {
    const { listing, value: text } = value;
    return listing && typeof text === 'string' ? { what: listing.what, text, listing, madeFrom: null } : null;
  }
  if (value.kind !== 'atomName' || !/^(?:child|module)?$/.test(value.transform)) return null;
  const root = run.atoms.rootOf(value.atom);
  const owner = root === null ? undefined : run.state.heap.get(root);
  return {
    what: value.transform === '' ? 'parameter' : 'module',
    text: null,
    listing: null,
    madeFrom: owner?.kind === 'module' ? owner.madeFrom : null,
  };
}

/** All of the strings that are asked for; null where they are not all known. */
function textsOf(run: Interpreter, asked: Value): readonly string[] | null {
  if (isString(asked)) return [asked.value];
  const object = run.object(asked);
  const items = asked.kind === 'tuple' ? asked.items : object?.kind === 'list' ? object.items : null;
  if (!items || (object?.kind === 'list' && !object.complete)) return null;
  const texts = items.flatMap((item) => {
    const value = 'multiplicity' in item ? item.value : item;
    return isString(value) ? [value.value] : [];
  });
  return texts.length === items.length && texts.length > 0 ? texts : null;
}

/** `name.startswith(asked)` and the like; `passes` is null where it cannot be told. */
function noteNameTest(
  run: Interpreter,
  span: Span,
  operation: NameOperation,
  subject: Value,
  asked: Value,
  passes: boolean | null,
): void {
  const name = testedName(run, subject);
  const texts = name && textsOf(run, asked);
  if (texts) run.emit({ kind: 'nameTested', span, operation, texts, name, passes });
}

/** `subject.method(arguments)`, which gave `result`. */
export function noteNameMethod(
  run: Interpreter,
  subject: Value,
  method: string,
  args: CallArguments,
  result: Value,
  at: Span,
): void {
  const [asked] = args.positional;
  if (!asked || (method !== 'startswith' && method !== 'endswith')) return;
  const operation = method === 'startswith' ? 'prefix' : 'suffix';
  noteNameTest(run, at, operation, subject, asked, truthOf(run, result));
}

/** `left operator right`, where one of them may be a name. */
export function noteNameComparison(
  run: Interpreter,
  span: Span,
  operator: ComparisonOperator,
  left: Value,
  right: Value,
  answer: boolean | null,
): void {
  const passes = answer === null || operator === 'in' || operator === '==' ? answer : !answer;
  if (operator === 'in' || operator === 'not in') {
    if (isString(left)) noteNameTest(run, span, 'contains', right, left, passes);
    if (!isString(right)) noteNameTest(run, span, 'equals', left, right, passes);
  } else if (operator === '==' || operator === '!=') {
    noteNameTest(run, span, 'equals', left, right, passes);
    noteNameTest(run, span, 'equals', right, left, passes);
  }
}

/** A text that stands by itself as an operand of `and` or `or`, as in `'a' or 'b' in name`. */
const hasTextOperand = (node: Expression, operator: BooleanOperation['operator']): boolean =>
  (node.kind === 'string' && node.value !== '') ||
  (node.kind === 'booleanOperation' &&
    node.operator === operator &&
    (hasTextOperand(node.left, operator) || hasTextOperand(node.right, operator)));

/**
 * Notes an operation in which a mere text, which is always true, stands beside a test on a name. Python may never
 * come to that test, so what it asks about is looked up here.
 */
export function noteTextAsCondition(run: Interpreter, node: BooleanOperation): void {
  if (run.dead) return;
  for (const [text, test] of [
    [node.left, node.right],
    [node.right, node.left],
  ] as const) {
    if (!hasTextOperand(text, node.operator)) continue;
    const name = nameAskedIn(run, test);
    if (name) run.emit({ kind: 'textAsCondition', operation: node, what: name.what });
  }
}

function nameAskedIn(run: Interpreter, test: Expression): TestedName | null {
  const { mayHaveRaised } = run.exceptions;
  for (const node of walkExpressions(test)) {
    if (!/^(?:name|attribute|subscript)$/.test(node.kind)) continue;
    // Looking must not run anything.
    if ([...walkExpressions(node)].some(({ kind }) => kind === 'call')) continue;
    const value = run.evaluate(node);
    const options = value.kind === 'union' ? value.options : [value];
    run.exceptions.mayHaveRaised = mayHaveRaised;
    for (const option of options) {
      const name = testedName(run, option);
      if (name) return name;
    }
  }
  return null;
}
