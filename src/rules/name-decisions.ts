/** What a test on the name of a parameter decides: which parameters are frozen, or listed for an optimizer. */
import type { NameTested } from '../analysis/events.ts';
import type { Trace } from '../analysis/trace.ts';
import type { Expression, If, Module, Span, Statement } from '../python/syntax.ts';
import { type SyntaxNode, walk } from '../python/walk.ts';
import { groupBySpan } from './fix-text.ts';
import { enclosing, sameSpan } from './syntax-context.ts';

export interface Decision {
  /** All of the condition that the test is a part of. */
  readonly condition: Expression;
  /** That condition and the others of the same `if`/`elif` chain. */
  readonly alternatives: readonly Expression[];
}

/** What the test at this place decides; null where it decides nothing about flags or lists of parameters. */
export function decisionOf(module: Module, test: Span): Decision | null {
  const path = enclosing(module, test);
  for (let index = path.length - 1; index > 0; index--) {
    const [node, parent] = [path[index], path[index - 1]];
    if (!node || !parent) return null;
    const condition = node as Expression;
    if ((parent.kind === 'if' || parent.kind === 'while') && node === parent.test) {
      if (!hasEffect(governedBy(path.slice(0, index)))) return null;
      return { condition, alternatives: parent.kind === 'if' ? chainOf(path.slice(0, index)) : [condition] };
    }
    if (parent.kind === 'conditional' && node === parent.test) {
      return hasEffect(path.slice(0, index).slice(-2)) ? { condition, alternatives: [condition] } : null;
    }
    if (
      parent.kind === 'comprehension' &&
      parent.clauses.some(({ conditions }) => conditions.includes(condition))
    ) {
      if (path.slice(0, index).some(isReport)) return null;
      return { condition, alternatives: [condition] };
    }
    if (isPredicate(parent) || (isAssignment(parent) && hasEffect([parent]))) {
      return { condition, alternatives: [condition] };
    }
    if (parent.kind === 'call' && node !== parent.callee && isFlagCall(parent)) {
      return { condition, alternatives: [condition] };
    }
  }
  return null;
}

/** A call that only shows something. */
const isReport = (node: SyntaxNode): boolean =>
  node.kind === 'call' && /^(?:print|log|info|debug|warning|len|sum)$/.test(calledName(node.callee));

const isPredicate = ({ kind }: SyntaxNode): boolean => kind === 'lambda' || kind === 'return';

const isAssignment = ({ kind }: SyntaxNode): boolean => kind === 'assignment';

/** The tests of the whole chain of `if` and `elif` that the innermost of these nodes belongs to. */
function chainOf(path: readonly SyntaxNode[]): readonly Expression[] {
  let first = path.length - 1;
  for (; first > 0; first--) {
    const [outer, inner] = [path[first - 1], path[first]];
    if (outer?.kind !== 'if' || outer.orelse.length !== 1 || outer.orelse[0] !== inner) break;
  }
  const tests: Expression[] = [];
  let link: Statement | undefined = path[first] as If;
  while (link?.kind === 'if') {
    tests.push(link.test);
    link = link.orelse.length === 1 ? link.orelse[0] : undefined;
  }
  return tests;
}

/** What runs or not by the test of the innermost of these nodes: its body, or all of the loop that it may leave. */
function governedBy(path: readonly SyntaxNode[]): readonly SyntaxNode[] {
  const node = path.at(-1);
  if (!node) return [];
  const leaves = [...walk(node)].some(({ kind }) => /^(?:continue|break|return|raise)$/.test(kind));
  if (!leaves) return [node];
  return [path.findLast(({ kind }) => kind === 'for' || kind === 'functionDefinition') ?? node];
}

const FLAG_METHODS = /^(?:requires_grad_|setattr)$|freez|thaw/i;
const COLLECTING_METHODS = /^(?:append|extend|add|insert|add_param_group)$/;

const calledName = (callee: Expression): string =>
  callee.kind === 'attribute' ? callee.name : callee.kind === 'name' ? callee.id : '';

const isFlagCall = (node: SyntaxNode): boolean =>
  node.kind === 'call' && FLAG_METHODS.test(calledName(node.callee));

function hasEffect(nodes: readonly SyntaxNode[]): boolean {
  for (const root of nodes) {
    for (const node of walk(root)) {
      if (node.kind === 'yield' || isFlagCall(node)) return true;
      if (node.kind === 'call' && COLLECTING_METHODS.test(calledName(node.callee))) return true;
      if (node.kind !== 'assignment') continue;
      if (node.targets.some((target) => target.kind === 'subscript' || isFlag(target))) return true;
    }
  }
  return false;
}

const isFlag = (target: Expression): boolean =>
  target.kind === 'attribute' && target.name === 'requires_grad';

/** The outermost operation of `and` and `or` around a place, brackets aside. */
export function wholeOperation(module: Module, place: Span): Expression | null {
  const path = enclosing(module, place);
  const found = path.findLastIndex((node) => sameSpan(node, place));
  let outermost: SyntaxNode | undefined = path[found];
  for (let index = found - 1; index >= 0 && path[index]?.kind === 'booleanOperation'; index--) {
    outermost = path[index];
  }
  return outermost?.kind === 'booleanOperation' ? outermost : null;
}

export const isWithin = (outer: Span, inner: Span): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;

/** The literals of this text: those in the condition, or else the only one of the program. */
export function literalsOf(module: Module, condition: Expression, text: string): readonly Span[] {
  const literals = (nodes: Iterable<SyntaxNode>): readonly Span[] =>
    [...nodes].filter((node) => node.kind === 'string' && node.value === text && isPlain(module, node));
  const inside = literals(walk(condition));
  if (inside.length > 0) return inside;
  const anywhere = literals(module.body.flatMap((statement) => [...walk(statement)]));
  return anywhere.length === 1 ? anywhere : [];
}

/** One literal in simple quotes, so that its end is the end of its text. */
const isPlain = (module: Module, { start, end }: Span): boolean =>
  /^[rRuU]?(?:"[^"\\]*"|'[^'\\]*')$/.test(module.text.slice(start, end));

/** Tests at one place, in all executions, that decide something and that no parameter of the model passes. */
export interface VoidFilter {
  readonly site: readonly [NameTested, ...NameTested[]];
  readonly texts: readonly string[];
  readonly decision: Decision;
}

/** Tests on names that select nothing: one for each condition. */
export function filtersThatMatchNothing(module: Module, trace: Trace): readonly VoidFilter[] {
  const tests = trace.eventsOf('nameTested');
  const found = new Map<Expression, VoidFilter>();
  for (const site of groupBySpan(tests, ({ span }) => span)) {
    const texts = [...new Set(site.flatMap((test) => test.texts))];
    if (texts.every((text) => MAY_BE_MISSING.test(text)) || !failsForEveryName(site)) continue;
    const decision = decisionOf(module, site[0].span);
    if (!decision || found.has(decision.condition) || !isWholeTest(decision, tests)) continue;
    found.set(decision.condition, { site, texts, decision });
  }
  return [...found.values()];
}

/** Kinds of layers and parameters that code for any model asks for, though this model may have none. */
const MAY_BE_MISSING =
  /norm|\bbn|bn\b|\bln\b|bias|weight|gamma|beta|lora|adapter|prompt|^module\.?$|embed|token|^$/i;

/** Whether every name of every model that the test is put to was asked, and none passed. */
function failsForEveryName(site: readonly NameTested[]): boolean {
  const asked = new Map<readonly string[], Set<string>>();
  for (const { name, passes } of site) {
    const { listing, text } = name;
    if (passes !== false || !listing?.complete || listing.what !== 'parameter' || text === null) return false;
    const known = asked.get(listing.names) ?? new Set();
    asked.set(listing.names, known.add(text));
  }
  return [...asked].every(([names, known]) => names.length > 0 && names.every((name) => known.has(name)));
}

/** Whether nothing else in the condition, or in the chain of conditions, may select a parameter. */
function isWholeTest({ condition, alternatives }: Decision, tests: readonly NameTested[]): boolean {
  const inChain = tests.filter(({ span }) => alternatives.some((test) => isWithin(test, span)));
  if (inChain.some(({ passes }) => passes !== false)) return false;
  const asksName = (operand: Expression): boolean =>
    operand.kind === 'booleanOperation'
      ? operand.operator === 'or'
        ? asksName(operand.left) && asksName(operand.right)
        : asksName(operand.left) || asksName(operand.right)
      : tests.some(({ span }) => isWithin(operand, span));
  const bare = condition.kind === 'unary' ? condition.operand : condition;
  return asksName(bare);
}
