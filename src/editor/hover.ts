/** What is known of the thing under the pointer, as Markdown. */
import { describeNames, type FreezeNode, flagsBelow, freezeTree } from '../analysis/places/freeze-tree.ts';
import type {
  FlagSnapshot,
  ModuleSnapshot,
  OptimizerSnapshot,
  Snapshot,
  UnlistedSnapshot,
} from '../analysis/places/snapshot.ts';
import type { Expression, Span, Statement } from '../python/syntax.ts';
import { children, isStatement, type SyntaxNode, statementAt } from '../python/walk.ts';
import { type FlagWrite, flagWrites } from './flag-writes.ts';
import { listed, partsOf, share } from './freeze-totals.ts';
import { writeInWords } from './inlay-hints.ts';
import type { ObservedProgram } from './observed-program.ts';
import { shareOf } from './optimizer-share.ts';
import { amount, tensors, type Wording } from './wording.ts';

export interface Hover {
  /** The code that it is about. */
  readonly span: Span;
  readonly markdown: string;
}

/** The hover on a module, a parameter, an optimizer or a write of requires_grad; null on anything else. */
export function hoverAt(program: ObservedProgram, offset: number, wording: Wording): Hover | null {
  const { module } = program;
  const statement = statementAt(module, offset);
  if (!statement) return null;
  const chain = expressionsAt(statement, offset);
  return (
    onWrite(program, chain, statement, offset, wording) ?? onName(program, chain, statement, offset, wording)
  );
}

/** The expressions of a statement that hold an offset, outermost first; none within a function that runs later. */
function expressionsAt(statement: Statement, offset: number): readonly Expression[] {
  const found: Expression[] = [];
  let candidates: Iterable<SyntaxNode> = children(statement);
  for (;;) {
    let inner: Expression | null = null;
    for (const node of candidates) {
      if (!isStatement(node) && node.start <= offset && offset < node.end) inner = node;
    }
    if (!inner) return found;
    found.push(inner);
    candidates = children(inner);
  }
}

/** Whether the state around the statement is also that in which an expression of it is evaluated. */
const runsOnce = (chain: readonly Expression[], statement: Statement): boolean =>
  statement.kind !== 'while' && chain.every(({ kind }) => kind !== 'lambda');

function onName(
  program: ObservedProgram,
  chain: readonly Expression[],
  statement: Statement,
  offset: number,
  wording: Wording,
): Hover | null {
  const named = chain.findLast((each) => isNamedHere(each, offset));
  const path = named ? pathOf(named) : null;
  if (!named || path === null || !runsOnce(chain, statement)) return null;
  const isTarget = statement.kind === 'assignment' && statement.targets.some((target) => target === named);
  const snapshot = program.at({ at: isTarget ? 'after' : 'before', node: statement });
  if (!snapshot) return null;
  const markdown = describe(snapshot, path, wording);
  return markdown === null ? null : { span: { start: named.start, end: named.end }, markdown };
}

/** A name, or an attribute or index at its own part of the text: on `model` of `model.fc`, `model` is meant. */
function isNamedHere(expression: Expression, offset: number): boolean {
  switch (expression.kind) {
    case 'name':
      return true;
    case 'attribute':
      return expression.nameSpan.start <= offset && offset < expression.nameSpan.end;
    case 'subscript':
      return offset >= expression.object.end;
    default:
      return false;
  }
}

/** `model.layer1.0.conv1` for `model.layer1[0].conv1`; null where that is not written out. */
function pathOf(expression: Expression): string | null {
  if (expression.kind === 'name') return expression.id;
  if (expression.kind === 'attribute') {
    const object = pathOf(expression.object);
    return object === null ? null : `${object}.${expression.name}`;
  }
  if (expression.kind !== 'subscript') return null;
  const object = pathOf(expression.object);
  const { index } = expression;
  return object === null || index.kind !== 'number' || !index.integer ? null : `${object}.${index.value}`;
}

function describe(snapshot: Snapshot, path: string, wording: Wording): string | null {
  const optimizer = snapshot.optimizers.get(path);
  if (optimizer) return optimizerMarkdown(snapshot, path, optimizer, wording);
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const model = snapshot.modules.get(path.slice(0, end));
    if (!model) continue;
    const rest = path.slice(end + 1);
    const parameter = model.parameters.get(rest);
    if (parameter) {
      const shape = parameter.shape ? ` [${parameter.shape.join(', ')}]` : '';
      const size = parameter.size === null ? '' : wording.translate('{0} parameters', amount(parameter.size));
      const lines = [
        `\`${path}\`${shape}${size ? ` · ${size}` : ''}`,
        stateInWords(parameter, snapshot.optimizers.size, wording),
      ];
      return lines.join('\n\n');
    }
    const node = nodeAt(freezeTree(model), rest);
    return node && node.verdict !== 'none' ? moduleMarkdown(snapshot, path, node, model, wording) : null;
  }
  return null;
}

function nodeAt(tree: FreezeNode, path: string): FreezeNode | null {
  if (path === '') return tree;
  return path
    .split('.')
    .reduce<FreezeNode | null>(
      (node, name) => node?.children.find((child) => child.name === name) ?? null,
      tree,
    );
}

function moduleMarkdown(
  snapshot: Snapshot,
  path: string,
  node: FreezeNode,
  model: ModuleSnapshot,
  wording: Wording,
): string {
  const { translate } = wording;
  const title = `\`${path}\`${node.className === '' ? '' : ` ${node.className}`}`;
  const lines = [`${title} — ${verdictInWords(node, wording)}`];
  const groups = groupsOf(node, model, wording);
  const shown = groups.slice(0, MOST_GROUPS);
  const states = shown.map(({ flag, count, parts, unlisted }) => {
    const named = [...(parts.length > 0 ? [inCode(parts)] : []), ...unlisted];
    const what =
      groups.length === 1 ? '' : `${named.length > 0 ? named.join(', ') : tensors(wording, count)}: `;
    return `${what}${stateInWords(flag, snapshot.optimizers.size, wording)}`;
  });
  // Said already.
  if (states.join() !== translate('unknown')) lines.push(inList(states));
  if (groups.length > shown.length) lines.push(translate('and {0} more', groups.length - shown.length));
  return lines.join('\n\n');
}

function verdictInWords(node: FreezeNode, wording: Wording): string {
  const { translate } = wording;
  const flags = [...flagsBelow(node)];
  if (flags.every(({ flag }) => flag === 'unknown')) return translate('unknown here');
  if (flags.some(({ flag }) => flag === 'unknown')) return translate('partly unknown here');
  const trains = { tensors: node.trainableTensors, size: node.trainableSize };
  if (node.complete) {
    return trains.tensors === 0
      ? translate('frozen: {0}', share(wording, node, node))
      : translate('{0} train', share(wording, trains, node));
  }
  // Parameters of unknown names cannot be counted.
  if (node.verdict === 'mixed') return translate('partly frozen');
  return node.verdict === 'frozen' ? translate('frozen') : translate('trainable');
}

/** Markdown takes the stars of `fc.*` for emphasis. */
const inCode = (parts: readonly string[]): string => `\`${listed(parts)}\``;

/** One thing is no list. */
const inList = (items: readonly string[]): string =>
  items.length === 1 ? items.join() : items.map((item) => `- ${item}`).join('\n');

const MOST_GROUPS = 6;

interface Group {
  readonly flag: FlagSnapshot;
  readonly count: number;
  readonly parts: readonly string[];
  /** What is known of the names of those that cannot be listed. */
  readonly unlisted: readonly string[];
}

/** What is below a node, by state, decider and optimizers. */
function groupsOf(node: FreezeNode, model: ModuleSnapshot, { translate }: Wording): readonly Group[] {
  const keyOf = ({ flag, writer, optimizers, perhapsIn }: FlagSnapshot): string =>
    JSON.stringify([flag, writer, optimizers, perhapsIn]);
  const groups = new Map<string, FlagSnapshot[]>();
  for (const flag of flagsBelow(node)) groups.set(keyOf(flag), [...(groups.get(keyOf(flag)) ?? []), flag]);
  const prefix = node.path === '' ? '' : `${node.path}.`;
  return [...groups].flatMap(([key, [flag, ...others]]) => {
    if (!flag) return [];
    const parts = partsOf(node, (path) => {
      const parameter = model.parameters.get(path);
      return parameter !== undefined && keyOf(parameter) === key;
    });
    const unlisted = [flag, ...others]
      .filter((one) => isUnlisted(one))
      .map((one) => {
        const inside = one.path === node.path ? '' : `\`${one.path.slice(prefix.length)}.*\``;
        return [inside, describeNames(one)].filter(Boolean).join(' ') || translate('any name');
      });
    return [
      { flag, count: others.length + 1, parts: parts.map((part) => part.slice(prefix.length)), unlisted },
    ];
  });
}

const isUnlisted = (flag: FlagSnapshot): flag is UnlistedSnapshot => 'answers' in flag;

/** `frozen by line 22, in optimizer`; of optimizers nothing is said where none is in sight. */
function stateInWords(flag: FlagSnapshot, optimizersInSight: number, wording: Wording): string {
  const { translate } = wording;
  const held = [
    ...flag.optimizers.map((name) => `\`${name}\``),
    ...flag.perhapsIn.map((name) => translate('perhaps {0}', `\`${name}\``)),
  ];
  if (held.length > 0) return translate('{0}, in {1}', decision(flag, wording), held.join(', '));
  return optimizersInSight === 0
    ? decision(flag, wording)
    : translate('{0}, in no optimizer', decision(flag, wording));
}

function decision({ flag, writer }: FlagSnapshot, { translate, link, nameOfLine }: Wording): string {
  if (flag === 'unknown') {
    return writer === null || writer === 'several'
      ? translate('unknown')
      : translate('unknown since {0}', link(nameOfLine(writer), writer));
  }
  const isFrozen = flag === 'frozen';
  if (writer === null) return isFrozen ? translate('frozen as made') : translate('trainable as made');
  if (writer === 'several') {
    return isFrozen ? translate('frozen by several lines') : translate('trainable by several lines');
  }
  const line = link(nameOfLine(writer), writer);
  return isFrozen ? translate('frozen by {0}', line) : translate('trainable by {0}', line);
}

function optimizerMarkdown(
  snapshot: Snapshot,
  name: string,
  optimizer: OptimizerSnapshot,
  wording: Wording,
): string {
  const { translate, link, nameOfLine } = wording;
  const found = shareOf(snapshot, optimizer);
  const { known, updates, whole, frozen, missed } = found;
  const built = translate('built at {0}', link(nameOfLine(optimizer.built), optimizer.built));
  const lines = [`\`${name}\` ${optimizer.className} — ${built}`];
  if (!known) {
    const atLeast = tensors(wording, optimizer.parameters.length);
    lines.push(
      optimizer.parameters.length === 0
        ? translate('What it holds is unknown here.')
        : translate('Holds at least {0}; the rest is unknown here.', atLeast),
    );
    return lines.join('\n\n');
  }
  const items = [
    updates.tensors === 0
      ? translate('updates nothing')
      : `${translate('updates {0}', share(wording, updates, whole))}: ${inCode(found.parts)}`,
  ];
  if (frozen.tensors > 0)
    items.push(translate('holds {0} that are frozen', tensors(wording, frozen.tensors)));
  if (missed.tensors > 0) {
    const parts = inCode(found.missedParts);
    items.push(translate('{0} train in no optimizer: {1}', tensors(wording, missed.tensors), parts));
  }
  lines.push(inList(items));
  return lines.join('\n\n');
}

function onWrite(
  program: ObservedProgram,
  chain: readonly Expression[],
  statement: Statement,
  offset: number,
  wording: Wording,
): Hover | null {
  const flag = chain.findLast(
    (each) => each.kind === 'attribute' && each.name.startsWith('requires_grad') && isNamedHere(each, offset),
  );
  if (!flag) return null;
  const isAround = ({ span }: FlagWrite): boolean => span.start <= flag.start && flag.end <= span.end;
  const write = flagWrites(program.trace).find(
    (each) => isAround(each) && each.span.start >= statement.start && each.span.end <= statement.end,
  );
  if (!write) return null;
  return { span: { start: flag.start, end: flag.end }, markdown: writeInWords(write, wording) };
}
