import type { ModuleSnapshot, OptimizerSnapshot, Snapshot } from '../analysis/snapshot.ts';
import type { TracedFile } from './trace.ts';

interface Tables {
  readonly modules: Readonly<
    Record<
      string,
      {
        readonly class: string;
        readonly complete: boolean;
        readonly parameters: Readonly<Record<string, ModuleFlag>>;
      }
    >
  >;
  readonly optimizers: Readonly<
    Record<
      string,
      {
        readonly line: number;
        readonly class: string;
        readonly complete: boolean;
        readonly parameters: readonly string[];
        readonly detached: number;
      }
    >
  >;
}

type ModuleFlag = 'frozen' | 'trainable' | 'unknown';

/** A file in `trace --output-format json`; the names of its fields are a contract with other programs. */
export interface TraceRecord extends Tables {
  readonly file: string;
  readonly line: number | null;
  readonly raises: { readonly line: number; readonly error: string } | null;
  readonly scopes: Readonly<Record<string, Tables>>;
}

export function traceRecord({ filename, lines, trace, line, snapshot }: TracedFile): TraceRecord {
  const lineOf = (offset: number): number => lines.positionAt(offset).row + 1;
  const { raises } = trace;
  return {
    file: filename,
    line,
    ...(snapshot ? tables(snapshot, lineOf) : { modules: {}, optimizers: {} }),
    raises: raises && { line: lineOf(raises.at.start), error: raises.error },
    scopes: Object.fromEntries([...trace.functionEnds].map(([name, end]) => [name, tables(end, lineOf)])),
  };
}

function tables(snapshot: Snapshot, lineOf: (offset: number) => number): Tables {
  const module = ({ className, complete, parameters }: ModuleSnapshot) => ({
    class: className,
    complete,
    parameters: Object.fromEntries([...parameters].map(([name, { flag }]) => [name, flag])),
  });
  const optimizer = ({ built, className, complete, parameters, detached }: OptimizerSnapshot) => ({
    line: lineOf(built.start),
    class: className,
    complete,
    parameters,
    detached,
  });
  return {
    modules: Object.fromEntries([...snapshot.modules].map(([name, one]) => [name, module(one)])),
    optimizers: Object.fromEntries([...snapshot.optimizers].map(([name, one]) => [name, optimizer(one)])),
  };
}
