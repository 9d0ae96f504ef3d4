import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import type { ModuleSnapshot, Snapshot } from '../../src/analysis/places/snapshot.ts';
import type { Time } from '../../src/learn/exercises/goal.ts';

/** A module in a variable, as PyTorch has it. */
interface RecordedModule {
  readonly class: string;
  readonly training: boolean;
  /** By name: requires_grad, shape, and the variables of the optimizers that hold it. */
  readonly parameters: Readonly<Record<string, readonly [boolean, readonly number[], readonly string[]]>>;
  /** By path: class and training. */
  readonly submodules: Readonly<Record<string, readonly [string, boolean]>>;
}

/** Global variables at one moment of a program. */
export interface RecordedState {
  readonly modules: Readonly<Record<string, RecordedModule>>;
  readonly optimizers: Readonly<Record<string, string>>;
}

/** What real PyTorch did with a program: one JSON line of `run_exercises.py`. */
export interface RealRun {
  /** The opening of the exception that ended it. */
  readonly raises: string | null;
  /** Steps are missing where there was none. */
  readonly states: Readonly<Partial<Record<Time, RecordedState>>>;
  /** The value of the probe, or the opening of its exception. */
  readonly measured?: unknown;
}

/** What is kept of a run: one line of `recorded.jsonl`. */
export interface Recorded {
  readonly path: string;
  /** The fingerprint of the program. */
  readonly text: string;
  readonly raises: string | null;
  /** Whether each state that the goal asks for was there, in the order of `checkState`. */
  readonly rows: readonly boolean[];
  /** The fingerprint of the probe, where there is one. */
  readonly probe?: string;
  /** The value of the probe, or the opening of the exception that ended the program or the probe. */
  readonly measured?: unknown;
}

/** Tells the text that was run from any other. */
export const fingerprint = (text: string): string =>
  createHash('sha1').update(text).digest('hex').slice(0, 12);

/** The state as the analysis would show it if it knew everything. */
export function snapshotOf({ modules, optimizers }: RecordedState): Snapshot {
  const mode = (training: boolean) => (training ? ('train' as const) : ('eval' as const));
  const module = (recorded: RecordedModule): ModuleSnapshot => ({
    className: recorded.class,
    complete: true,
    mode: mode(recorded.training),
    unlisted: [],
    parameters: new Map(
      Object.entries(recorded.parameters).map(([name, [requiresGrad, shape, holders]]) => [
        name,
        {
          flag: requiresGrad ? 'trainable' : 'frozen',
          writer: null,
          optimizers: holders,
          perhapsIn: [],
          shape,
          size: shape.reduce((product, length) => product * length, 1),
        },
      ]),
    ),
    submodules: new Map(
      Object.entries(recorded.submodules).map(([path, [className, training]]) => [
        path,
        { className, mode: mode(training) },
      ]),
    ),
  });
  const nowhere = { start: 0, end: 0 };
  return {
    gradients: 'on',
    modules: new Map(Object.entries(modules).map(([name, recorded]) => [name, module(recorded)])),
    optimizers: new Map(
      Object.entries(optimizers).map(([name, className], index) => [
        name,
        // Each is another one.
        { built: { ...nowhere, start: index }, className, complete: true, parameters: [], detached: 0 },
      ]),
    ),
  };
}

/** What PyTorch did when the exercises were last recorded, by the path of the program. */
export function readRecorded(): ReadonlyMap<string, Recorded> {
  const text = fs.readFileSync(new URL('recorded.jsonl', import.meta.url), 'utf8');
  const lines = text.trimEnd().split('\n');
  return new Map(lines.map((line) => JSON.parse(line) as Recorded).map((one) => [one.path, one]));
}
