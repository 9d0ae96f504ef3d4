import type { ModuleSnapshot, OptimizerSnapshot, Snapshot } from '../analysis/places/snapshot.ts';
import type { Span } from '../python/syntax.ts';
import { placeOf, type TracedFile } from './traced-file.ts';

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
        /** In notebooks: the cell that the line is counted in. */
        readonly cell?: number;
        /** Where that is not the traced file. */
        readonly file?: string;
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
  /** In notebooks: the cell of `line`, where one was asked for. */
  readonly cell?: number;
  readonly raises: { readonly line: number; readonly cell?: number; readonly error: string } | null;
  readonly scopes: Readonly<Record<string, Tables>>;
}

/** The line of a span, with its file where that is not the traced one. */
type Placed = (span: Span) => { readonly line: number; readonly cell?: number; readonly file?: string };

export function traceRecord(traced: TracedFile): TraceRecord {
  const { filename, trace, line, snapshot } = traced;
  const placed: Placed = (span) => {
    const { filename: elsewhere, row, cell } = placeOf(traced, span);
    if (elsewhere !== filename) return { line: row, file: elsewhere };
    return cell === undefined ? { line: row } : { line: row, cell };
  };
  const { raises } = trace;
  return {
    file: filename,
    line: line?.row ?? null,
    ...(line?.cell ? { cell: line.cell } : {}),
    ...(snapshot ? tables(snapshot, placed) : { modules: {}, optimizers: {} }),
    raises: raises && { ...placed(raises.at), error: raises.error },
    scopes: Object.fromEntries([...trace.functionEnds].map(([name, end]) => [name, tables(end, placed)])),
  };
}

function tables(snapshot: Snapshot, placed: Placed): Tables {
  const module = ({ className, complete, parameters }: ModuleSnapshot) => ({
    class: className,
    complete,
    parameters: Object.fromEntries([...parameters].map(([name, { flag }]) => [name, flag])),
  });
  const optimizer = ({ built, className, complete, parameters, detached }: OptimizerSnapshot) => ({
    ...placed(built),
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
