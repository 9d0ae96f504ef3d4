/** Questions about a program that its trace answers: which parts of a model train after a line, and which the optimizer changes. */
import * as v from 'valibot';
import { type FreezeNode, flagsBelow, freezeTree } from '../../analysis/places/freeze-tree.ts';
import type { FlagSnapshot, Snapshot } from '../../analysis/places/snapshot.ts';
import type { Place } from '../../analysis/places/watch.ts';
import { isImported } from '../../analysis/program.ts';
import type { Trace } from '../../analysis/trace.ts';
import { blocksOf } from '../../python/functions.ts';
import { LineIndex } from '../../python/positions.ts';
import type { Module, Span, Statement } from '../../python/syntax.ts';
import { shuffledIndices } from '../shuffle.ts';

const partSchema = v.strictObject({
  /** The submodule as the program reaches it: `model.layer1`. */
  name: v.string(),
  /** Whether it is to be ticked. */
  isWanted: v.boolean(),
  isTrainable: v.boolean(),
  /** The line that set its flags, from 1; null where they are as made, or several lines did. */
  setIn: v.nullable(v.number()),
});

export const predictionSchema = v.strictObject({
  /** Differs from question to question of a program. */
  id: v.string(),
  /** What is asked: what trains, or what a step of the named optimizer may change. */
  optimizer: v.nullable(v.string()),
  model: v.string(),
  /** The line after which it is asked, from 1. */
  row: v.number(),
  /** The code that leads there; its last line is the one that is asked about. */
  code: v.array(v.string()),
  parts: v.pipe(v.array(partSchema), v.minLength(2)),
});

export type Prediction = v.InferOutput<typeof predictionSchema>;
export type PredictedPart = Prediction['parts'][number];

/** A program that can be asked what is known at any of its statements. */
export interface PredictableProgram {
  readonly module: Module;
  readonly trace: Trace;
  at(place: Place): Snapshot | null;
}

const MOST_QUESTIONS = 5;
const MOST_PARTS = 8;
const MOST_LINES = 12;

/**
 * At most five questions about a program, in its order; none where nothing about it is certain.
 * @param seed any integer; another one may choose other lines.
 */
export function predictionsOf(program: PredictableProgram, seed: number): readonly Prediction[] {
  const found = moments(program).flatMap((statement) => {
    const snapshot = program.at({ at: 'after', node: statement });
    return snapshot ? questionsAt(program.module, statement, snapshot) : [];
  });
  // A line is asked about once, and the same answer twice in a row teaches nothing.
  const distinct = found.filter(
    (question, index) => !found.slice(0, index).some((other) => isSame(question, other)),
  );
  const chosen = new Set(shuffledIndices(distinct.length, seed, 'predict').slice(0, MOST_QUESTIONS));
  return distinct.filter((_, index) => chosen.has(index));
}

function isSame(a: Prediction, b: Prediction): boolean {
  return a.row === b.row || JSON.stringify([a.optimizer, a.parts]) === JSON.stringify([b.optimizer, b.parts]);
}

/** The statements after which something has changed: whole loops that freeze, new layers, optimizers. */
function moments({ module, trace }: PredictableProgram): readonly Statement[] {
  const changed: Span[] = trace.events.flatMap((event) => {
    if (event.kind === 'flagWritten' || event.kind === 'layerPutIn') return [event.span];
    return event.kind === 'optimizerBuilt' ? [event.call] : [];
  });
  const found: Statement[] = [];
  const search = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      const inside = changed.filter(({ start, end }) => statement.start <= start && end <= statement.end);
      if (inside.length === 0) continue;
      const isWhole =
        statement.kind === 'for' ? isShortLoop(module, statement) : blocksOf(statement).length === 0;
      if (isWhole) found.push(statement);
      else for (const block of blocksOf(statement)) search(block);
    }
  };
  search(module.body);
  return found;
}

/** Whether a loop goes over parameters rather than over epochs: it fits on the screen. */
const isShortLoop = (module: Module, { start, end }: Span): boolean =>
  module.text.slice(start, end).split('\n').length <= MOST_LINES;

function questionsAt(module: Module, statement: Statement, snapshot: Snapshot): readonly Prediction[] {
  const models = [...snapshot.modules].map(([name, model]) => ({ name, tree: freezeTree(model), model }));
  // The model, not a part that has a name of its own.
  const [whole] = models.toSorted((a, b) => b.tree.tensors - a.tree.tensors);
  if (!whole?.model.complete) return [];
  const lines = new LineIndex(module.text);
  const optimizers = [...snapshot.optimizers].filter(([, { complete }]) => complete);
  const [optimizer] = optimizers.length === snapshot.optimizers.size ? optimizers : [];
  const parts = partsOf(whole.name, whole.tree, optimizer?.[0] ?? null, lines);
  if (parts === null || parts.length < 2 || optimizers.length > 1) return [];
  const last = lines.positionAt(Math.max(statement.start, statement.end - 1)).row;
  const first = Math.max(0, last - MOST_LINES + 1);
  const all = module.text.split(/\r\n|[\r\n]/);
  return [
    {
      id: `${last + 1}/${whole.name}`,
      optimizer: optimizer?.[0] ?? null,
      model: whole.name,
      row: last + 1,
      code: all.slice(first, last + 1),
      parts,
    },
  ];
}

/** The children of a model with what is certain of each; null where something is not. */
function partsOf(
  model: string,
  tree: FreezeNode,
  optimizer: string | null,
  lines: LineIndex,
): PredictedPart[] | null {
  const children = tree.children.filter(({ verdict }) => verdict !== 'none');
  const parts: PredictedPart[] = [];
  for (const child of children) {
    const flags = [...flagsBelow(child)];
    if (flags.some(({ flag, perhapsIn }) => flag === 'unknown' || perhapsIn.length > 0)) return null;
    // Half of it is no yes and no no.
    if (child.verdict === 'mixed') continue;
    const isTrainable = child.verdict === 'trainable';
    const held = flags.filter(
      ({ optimizers }) => optimizer === null || optimizers.includes(optimizer),
    ).length;
    if (held > 0 && held < flags.length) continue;
    parts.push({
      name: `${model}.${child.path}`,
      isWanted: isTrainable && held > 0,
      isTrainable,
      setIn: rowOfWriter(flags, lines),
    });
  }
  // The ends say most: the stem and the head.
  const spare = parts.length - MOST_PARTS;
  return spare > 0 ? parts.toSpliced(MOST_PARTS / 2, spare) : parts;
}

/** The line of this file, from 1, that set all of these flags; null where there is no such line. */
function rowOfWriter(flags: readonly FlagSnapshot[], lines: LineIndex): number | null {
  const rows = new Set(
    flags.map(({ writer }) =>
      writer === null || writer === 'several' || isImported(writer)
        ? null
        : lines.positionAt(writer.start).row + 1,
    ),
  );
  const [row] = rows;
  return rows.size === 1 ? (row ?? null) : null;
}

/** Why the answer for a part is what it is: "frozen in line 12", "trains, but `optimizer` does not hold it". */
export function reasonOf({ optimizer }: Prediction, { isWanted, isTrainable, setIn }: PredictedPart): string {
  const where = setIn === null ? '' : ` since line ${setIn}`;
  if (!isTrainable) return setIn === null ? 'frozen' : `frozen${where}`;
  if (optimizer !== null && !isWanted) return `trainable${where}, but \`${optimizer}\` does not hold it`;
  return setIn === null ? 'trainable, as it was made' : `trainable${where}`;
}
