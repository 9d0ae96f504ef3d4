import { describeNames, type FreezeNode, flagsBelow, freezeTree } from '../analysis/places/freeze-tree.ts';
import type { FlagSnapshot, OptimizerSnapshot, Snapshot } from '../analysis/places/snapshot.ts';
import type { Trace } from '../analysis/trace.ts';
import type { Span } from '../python/syntax.ts';

export type Verdict = FreezeNode['verdict'];

/** A trace, and what of it is shown. */
export interface ShownTrace {
  readonly filename: string;
  readonly trace: Trace;
  /** The line before which it is, from 1, in a notebook within a cell; null for the end of the program. */
  readonly line: { readonly cell: number | null; readonly row: number } | null;
  /** The function that holds the line; null for the top level. */
  readonly scope: string | null;
  /** Null where the place is never reached. */
  readonly snapshot: Snapshot | null;
  /** Where a span is, with the row from 1; in a notebook within a cell. */
  placeOf(span: Span): { readonly filename: string; readonly row: number; readonly cell?: number };
}

/** Colours a line by what it says of the parameters on it. */
export type Paint = (line: string, verdict: Verdict) => string;

const marks: Readonly<Record<Verdict, string>> = {
  frozen: '❄',
  trainable: '●',
  mixed: '◐',
  unknown: '?',
  none: '·',
};

/** One line of the table: columns in order, the first one with the branches of the tree. */
interface Row {
  readonly verdict: Verdict;
  readonly columns: readonly string[];
}

/** Shows a trace to people: for every module a tree, for every optimizer what it holds. Ends with a blank line. */
export function traceText(shown: ShownTrace, paint: Paint = (text) => text): string {
  const { filename, line, scope, snapshot, trace } = shown;
  const lineOf = (offset: number): string => {
    const { filename: elsewhere, row, cell } = shown.placeOf({ start: offset, end: offset });
    return `${row}${ofCell(cell)}${elsewhere === filename ? '' : ` of ${elsewhere}`}`;
  };
  const { raises } = trace;
  const texts: string[] = [];
  const show = (title: string, at: Snapshot): void => {
    texts.push(`${filename}, ${title}\n`, ...snapshotText(at, lineOf, paint), '\n');
  };
  if (raises) {
    texts.push(
      `${filename}: line ${lineOf(raises.at.start)} raises ${raises.error}, which ends the program\n\n`,
    );
  }
  if (line !== null) {
    const place = `before line ${line.row}${ofCell(line.cell)}${scope === null ? '' : ` in ${scope}`}`;
    if (snapshot) show(place, snapshot);
    else texts.push(`${filename}, ${place}: the analysis never gets there\n\n`);
  } else {
    if (snapshot) show(raises ? `when it raises` : 'at the end of the program', snapshot);
    for (const [name, end] of trace.functionEnds) {
      if (!isOnlySelf(end)) show(`at the end of ${name}`, end);
    }
  }
  if (trace.isPartial) texts.push(`${filename}: too large to be followed to its end\n\n`);
  return texts.join('');
}

const ofCell = (cell: number | null | undefined): string => (cell ? ` of cell ${cell}` : '');

/** Methods of a model see nothing but the model, which is shown where it is made. */
const isOnlySelf = ({ modules, optimizers }: Snapshot): boolean =>
  optimizers.size === 0 &&
  modules.has('self') &&
  [...modules.keys()].every((name) => /^self(?:\.|$)/.test(name));

function snapshotText(
  { modules, optimizers }: Snapshot,
  lineOf: (offset: number) => string,
  paint: Paint,
): string[] {
  const texts: string[] = [];
  if (modules.size + optimizers.size === 0) texts.push('no modules and no optimizers\n');
  for (const [name, module] of modules) {
    // Its parts are in its tree.
    if (name.startsWith('self.') && modules.has('self')) continue;
    const tree = freezeTree(module);
    const rows: Row[] = [];
    addRows(rows, tree, name, '', '', lineOf);
    texts.push('\n', ...table(rows, paint));
    if (!module.complete) texts.push('  (some of it is unknown)\n');
  }
  if (optimizers.size > 0) texts.push('\n');
  for (const [name, optimizer] of optimizers) texts.push(optimizerText(name, optimizer, lineOf));
  return texts;
}

/** A node on one line, and what is below it unless all of that is alike. */
function addRows(
  rows: Row[],
  node: FreezeNode,
  label: string,
  lead: string,
  indent: string,
  lineOf: (offset: number) => string,
): void {
  const all = [...flagsBelow(node)];
  const [first] = all;
  const isAlike = first !== undefined && all.every((one) => isSameFlag(one, first));
  const size =
    node.size === null
      ? 'size unknown'
      : `${number(node.size)}${node.verdict === 'mixed' ? ` (${number(node.trainableSize)} trainable)` : ''}`;
  rows.push({
    verdict: node.verdict,
    columns: [
      `${lead}${label}`,
      node.className,
      all.length === 0 ? '' : size,
      node.verdict === 'none' ? 'no parameters' : node.verdict,
      ...(isAlike ? deciders(first, lineOf) : ['', '']),
    ],
  });
  if (isAlike && node.unlisted.length === 0) return;
  const below: ((lead: string, indent: string) => void)[] = [
    ...[...node.parameters].map(([name, parameter]) => (branch: string) => {
      const shape = parameter.shape ? `[${parameter.shape.join(', ')}]` : '';
      const amount = parameter.size === null ? 'size unknown' : number(parameter.size);
      rows.push({
        verdict: parameter.flag,
        columns: [`${branch}${name}`, shape, amount, parameter.flag, ...deciders(parameter, lineOf)],
      });
    }),
    ...node.unlisted.map((part) => (branch: string) => {
      const names = describeNames(part) || 'any name';
      rows.push({
        verdict: part.flag,
        columns: [`${branch}(${names})`, '', '', part.flag, ...deciders(part, lineOf)],
      });
    }),
    // Layers without parameters are never frozen.
    ...node.children
      .filter(({ verdict }) => verdict !== 'none')
      .map((child) => (branch: string, inner: string) => {
        addRows(rows, child, child.name, branch, inner, lineOf);
      }),
  ];
  for (const [index, add] of below.entries()) {
    const isLast = index === below.length - 1;
    add(`${indent}${isLast ? '└ ' : '├ '}`, `${indent}${isLast ? '  ' : '│ '}`);
  }
}

const lineOfWriter = ({ writer }: FlagSnapshot): string =>
  writer === null ? '' : writer === 'several' ? 'several' : String(writer.start);

const isSameFlag = (a: FlagSnapshot, b: FlagSnapshot): boolean =>
  a.flag === b.flag &&
  lineOfWriter(a) === lineOfWriter(b) &&
  a.optimizers.join() === b.optimizers.join() &&
  a.perhapsIn.join() === b.perhapsIn.join();

/** The deciding line, and the optimizers. */
function deciders(flag: FlagSnapshot, lineOf: (offset: number) => string): readonly [string, string] {
  const { writer } = flag;
  const line =
    writer === null ? 'as made' : writer === 'several' ? 'several lines' : `line ${lineOf(writer.start)}`;
  const held = [...flag.optimizers, ...flag.perhapsIn.map((name) => `perhaps ${name}`)];
  return [line, held.length === 0 ? 'in no optimizer' : `in ${held.join(', ')}`];
}

function optimizerText(
  name: string,
  { built, className, complete, parameters, detached }: OptimizerSnapshot,
  lineOf: (offset: number) => string,
): string {
  const held = parameters.length + detached;
  const gone = detached > 0 ? `, ${detached} of them in no module any more` : '';
  const some = held === 0 ? 'what is unknown' : `at least ${tensors(held)}`;
  return `${name}: ${className} of line ${lineOf(built.start)} holds ${complete ? tensors(held) : some}${gone}\n`;
}

const tensors = (count: number): string => `${count} parameter${count === 1 ? '' : 's'}`;

/** Groups of three digits, alike in every locale. */
const number = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** Sets columns below each other. */
function table(rows: readonly Row[], paint: Paint): string[] {
  const widths: number[] = [];
  for (const { columns } of rows) {
    for (const [index, text] of columns.entries()) widths[index] = Math.max(widths[index] ?? 0, text.length);
  }
  return rows.map(({ verdict, columns }) => {
    const cells = columns.map((text, index) => text.padEnd(widths[index] ?? 0));
    const line = `${marks[verdict]} ${cells.join('  ')}`.trimEnd();
    return `${paint(line, verdict)}\n`;
  });
}
