/** Text that fixes insert: where a statement can go, how it is indented, and what it is called in this file. */
import { LineIndex } from '../python/positions.ts';
import type { Expression, Module, Span, Statement } from '../python/syntax.ts';
import { boundNames, children, isStatement, type SyntaxNode, walk } from '../python/walk.ts';
import type { Edit } from './rule.ts';
import { loopVariable } from './syntax-context.ts';

/** The statements around an offset, outermost first; the last one is the innermost. */
export function statementsAround(module: Module, offset: number): readonly Statement[] {
  const around: Statement[] = [];
  let candidates: Iterable<SyntaxNode> = module.body;
  for (;;) {
    let inner: Statement | null = null;
    for (const node of candidates) {
      if (isStatement(node) && node.start <= offset && offset < node.end) inner = node;
    }
    if (inner === null) return around;
    around.push(inner);
    candidates = children(inner);
  }
}

/**
 * The statement after which everything an expression or statement does to several parameters is done: the loops
 * whose variable it writes to, outermost, or the statement itself.
 */
export function sweepAround(module: Module, { start, end }: Span): Statement | null {
  const around = statementsAround(module, start);
  let sweep = around.at(-1) ?? null;
  const used = new Set<string>();
  for (const node of walkAll(sweep)) {
    if (node.kind === 'name' && node.start >= start && node.end <= end) used.add(node.id);
  }
  for (const statement of around.slice(0, -1).reverse()) {
    if (statement.kind === 'functionDefinition' || statement.kind === 'classDefinition') break;
    if (statement.kind !== 'for') continue;
    // The value may be computed from an outer loop's variable; what matters is what is written to.
    if (!boundNames(statement.target).some((name) => used.has(name)) || isCounting(statement.iterable)) break;
    sweep = statement;
    for (const node of walk(statement.iterable)) if (node.kind === 'name') used.add(node.id);
  }
  return sweep;
}

function* walkAll(node: SyntaxNode | null): Generator<SyntaxNode> {
  if (node) yield* walk(node);
}

/** `range(...)` and the like: a loop over epochs, not over parameters. */
const isCounting = (iterable: Expression): boolean =>
  iterable.kind === 'call' && iterable.callee.kind === 'name' && /^(range|trange)$/.test(iterable.callee.id);

/** The variable of the innermost loop of a sweep; where it has none, the one that this program's loops use. */
export function sweepVariable(module: Module, sweep: Statement, write: Span): string {
  let found = loopVariable(module, sweep);
  for (const node of walk(sweep)) {
    if (node.kind !== 'for' || node.start > write.start || node.end < write.end) continue;
    found = boundNames(node.target).at(-1) ?? found;
  }
  return found;
}

/** A loop that sets the flag of all parameters of `owner`, as unindented lines. */
export function flagLoop(module: Module, owner: string, variable: string, value: boolean): readonly string[] {
  const { indentUnit } = new LineIndex(module.text);
  return [
    `for ${variable} in ${owner}.parameters():`,
    `${indentUnit}${variable}.requires_grad = ${value ? 'True' : 'False'}`,
  ];
}

/** Puts parts of a model into eval mode, as unindented lines. */
export function evalLines(module: Module, parts: readonly string[]): readonly string[] {
  const { indentUnit } = new LineIndex(module.text);
  const [only, ...more] = parts;
  if (more.length === 0) return [`${only}.eval()`];
  const variable = /\bfrozen\b/.test(module.text) ? 'part' : 'frozen';
  return [`for ${variable} in (${parts.join(', ')}):`, `${indentUnit}${variable}.eval()`];
}

/** True where a statement has its lines for itself, comments aside. */
function standsAlone(module: Module, { start, end }: Span): boolean {
  const lines = new LineIndex(module.text);
  const first = lines.lineSpan(lines.positionAt(start).row);
  const last = lines.lineSpan(lines.positionAt(end).row);
  return (
    module.text.slice(first.start, start).trim() === '' &&
    /^\s*(#.*)?$/.test(module.text.slice(end, last.end))
  );
}

/** Inserts lines after a statement, in its block; null where it shares its line with others. */
export function insertAfter(module: Module, statement: Statement, added: readonly string[]): Edit | null {
  const lines = new LineIndex(module.text);
  if (!standsAlone(module, statement)) {
    // `if epoch == 5: unfreeze()` on one line takes another simple statement.
    const [only] = added;
    const isSimple = ![...children(statement)].some(isStatement);
    if (added.length !== 1 || !isSimple || only === undefined) return null;
    return { span: { start: statement.end, end: statement.end }, content: `; ${only}` };
  }
  const { end } = lines.lineSpan(lines.positionAt(statement.end).row);
  const indentation = lines.indentationAt(statement.start);
  return { span: { start: end, end }, content: added.map((line) => `\n${indentation}${line}`).join('') };
}

/** Inserts lines before a statement, in its block; null where it shares its line with others. */
export function insertBefore(module: Module, statement: Statement, added: readonly string[]): Edit | null {
  if (!standsAlone(module, statement)) return null;
  const lines = new LineIndex(module.text);
  const { start } = lines.lineSpan(lines.positionAt(statement.start).row);
  const indentation = lines.indentationAt(statement.start);
  return { span: { start, end: start }, content: added.map((line) => `${indentation}${line}\n`).join('') };
}

/** Takes a statement away with its lines; null where it shares them, or where its block would be empty. */
export function removeStatement(module: Module, statement: Statement): Edit | null {
  if (!standsAlone(module, statement) || blockOf(module, statement).length < 2) return null;
  const lines = new LineIndex(module.text);
  const { start } = lines.lineSpan(lines.positionAt(statement.start).row);
  const row = lines.positionAt(statement.end).row;
  const { end } = lines.lineSpan(row);
  return { span: { start, end: Math.max(lines.lineSpan(row + 1).start, end) }, content: '' };
}

/** Moves a statement below a later one of the same block; null where one of them shares its line. */
export function moveBelow(module: Module, moved: Statement, below: Statement): readonly Edit[] | null {
  if (!standsAlone(module, moved) || !standsAlone(module, below)) return null;
  const lines = new LineIndex(module.text);
  const { start } = lines.lineSpan(lines.positionAt(moved.start).row);
  const row = lines.positionAt(moved.end).row;
  const { end } = lines.lineSpan(row);
  const next = lines.lineSpan(row + 1).start;
  const target = lines.lineSpan(lines.positionAt(below.end).row).end;
  return [
    { span: { start, end: Math.max(next, end) }, content: '' },
    { span: { start: target, end: target }, content: `\n${module.text.slice(start, end)}` },
  ];
}

/** The statements of the block that holds a statement. */
export function blockOf(module: Module, statement: Statement): readonly Statement[] {
  const parent = statementsAround(module, statement.start).at(-2);
  if (!parent) return module.body;
  const blocks: (readonly Statement[])[] = [];
  if ('body' in parent) blocks.push(parent.body);
  if ('orelse' in parent) blocks.push(parent.orelse);
  if (parent.kind === 'try') blocks.push(parent.finalbody, ...parent.handlers.map(({ body }) => body));
  if (parent.kind === 'match') blocks.push(...parent.cases.map(({ body }) => body));
  return blocks.find((block) => block.includes(statement)) ?? [];
}

/** The function around an offset, null at the top level. */
export function functionAround(module: Module, offset: number): Statement | null {
  return statementsAround(module, offset).findLast(({ kind }) => kind === 'functionDefinition') ?? null;
}

/**
 * Whether a statement runs at most once in each run of its function: it is in no loop, or the loop's variable is
 * compared with one value around it, as in `if epoch == 5:`.
 */
export function runsOnceInFunction(module: Module, statement: Statement): boolean {
  const around = statementsAround(module, statement.start);
  let inner = around.indexOf(statement);
  for (let index = inner - 1; index >= 0; index--) {
    const outer = around[index];
    if (!outer || outer.kind === 'functionDefinition' || outer.kind === 'classDefinition') return true;
    if (outer.kind === 'while') return false;
    if (outer.kind !== 'for') continue;
    const counters = new Set(boundNames(outer.target));
    const guards = around.slice(index + 1, inner + 1);
    const isGuarded = guards.some(
      (guard, position) =>
        guard.kind === 'if' &&
        guard.body.includes(guards[position + 1] ?? statement) &&
        isSingled(guard.test, counters),
    );
    if (!isGuarded) return false;
    inner = index;
  }
  return true;
}

/** `epoch == 5`, `epoch + 1 == args.start and ...`: true in one round at most. */
function isSingled(test: Expression, counters: ReadonlySet<string>): boolean {
  if (test.kind === 'booleanOperation') {
    return test.operator === 'and' && (isSingled(test.left, counters) || isSingled(test.right, counters));
  }
  const [only, ...more] = test.kind === 'comparison' ? test.rest : [];
  if (test.kind !== 'comparison' || !only || more.length > 0 || only.operator !== '==') return false;
  const isCounter = (side: Expression): boolean =>
    (side.kind === 'name' && counters.has(side.id)) ||
    (side.kind === 'binary' &&
      /^[+-]$/.test(side.operator) &&
      (isCounter(side.left) || isCounter(side.right)));
  return isCounter(test.left) !== isCounter(only.right);
}

/** The quotes most strings of the file have; double ones in a file without strings. */
export function quoteOf(module: Module): '"' | "'" {
  let balance = 0;
  for (const statement of module.body) {
    for (const node of walk(statement)) {
      if (node.kind !== 'string') continue;
      const literal = module.text.slice(node.start, node.end);
      if (/^[a-zA-Z]*"(?!"")/.test(literal)) balance++;
      else if (/^[a-zA-Z]*'(?!'')/.test(literal)) balance--;
    }
  }
  return balance < 0 ? "'" : '"';
}

/** `model.fc.parameters()`, or a list of the parameters of several modules. */
export function parametersOfAll(names: readonly string[]): string {
  const [only, ...more] = names;
  if (more.length === 0) return `${only}.parameters()`;
  return names.map((name) => `list(${name}.parameters())`).join(' + ');
}

/** `a`, `a` and `b`, or `a`, `b` and `c`, each as code. */
export function inWords(names: readonly string[]): string {
  const code = names.map((name) => `\`${name}\``);
  const last = code.pop() ?? '';
  return code.length === 0 ? last : `${code.join(', ')} and ${last}`;
}

/** Number of tensors with the scalars in them where known: `15 tensors (8,393,728 numbers)`. */
export function countText(count: number, size: number | null): string {
  const tensors = count === 1 ? '1 tensor' : `${count} tensors`;
  return size === null ? tensors : `${tensors} (${size.toLocaleString('en-US')} numbers)`;
}

/** Findings about the same place together, in the order of the source. */
export function groupBySpan<T>(
  all: Iterable<T>,
  spanOf: (one: T) => Span,
): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const one of all) {
    const { start, end } = spanOf(one);
    const group = groups.get(`${start}-${end}`);
    if (group) group.push(one);
    else groups.set(`${start}-${end}`, [one]);
  }
  return [...groups.values()];
}
