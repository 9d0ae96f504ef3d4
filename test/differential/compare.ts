/** Holds the analysis of a program against what real PyTorch did with it, in every world of its unknown flags. */
import { analyse } from '../../src/analysis/analyse.ts';
import type { Snapshot } from '../../src/analysis/places/snapshot.ts';
import type { Trace } from '../../src/analysis/trace.ts';
import { Programs } from '../../src/project/programs.ts';
import type { PythonParser } from '../../src/python/parser.ts';
import { LineIndex } from '../../src/python/positions.ts';
import type { Span } from '../../src/python/syntax.ts';
import { memoryFiles } from '../unit/memory-files.ts';

/** What some variables held. */
export interface Tables {
  readonly modules: Readonly<
    Record<string, { readonly parameters: Readonly<Record<string, 'frozen' | 'trainable'>> }>
  >;
  readonly optimizers: Readonly<
    Record<
      string,
      { readonly class: string; readonly parameters: readonly string[]; readonly detached: number }
    >
  >;
}

/** One run of a program. */
export interface World extends Tables {
  readonly raises: {
    readonly line: number;
    /** The imported file that the line is in; left out for the program itself. */
    readonly file?: string;
    readonly error: string;
    readonly message?: string;
  } | null;
  /** The same at the end of each call of each function, by qualified name. */
  readonly scopes?: Readonly<Record<string, readonly Tables[]>>;
}

/** Counts and disagreements for one program, or the sum over many. */
export interface Verdicts {
  /** Claims that some world contradicts. */
  readonly wrong: string[];
  /** Parameters on which all worlds agree, and how many of them were decided. */
  parameters: number;
  parametersDecided: number;
  /** The same for optimizers. */
  optimizers: number;
  optimizersDecided: number;
  /** Programs that raise in every world alike, and how many of those raises were predicted. */
  raises: number;
  raisesPredicted: number;
  /** Those among them about what an optimizer is given: an empty list, a parameter in two groups. */
  refusals: number;
  refusalsPredicted: number;
  /** What was left undecided although all worlds agree. */
  readonly undecided: string[];
}

export const noVerdicts = (): Verdicts => ({
  wrong: [],
  parameters: 0,
  parametersDecided: 0,
  optimizers: 0,
  optimizersDecided: 0,
  raises: 0,
  raisesPredicted: 0,
  refusals: 0,
  refusalsPredicted: 0,
  undecided: [],
});

const REFUSED = /empty parameter list|more than one parameter group/;
const PREDICTABLE =
  /empty parameter list|more than one parameter group|not iterable|not subscriptable|has no len|not reversible|unsupported operand|'(?:generator|method|tuple)' object has no|values to unpack|must be (?:a )?bool|leaf variables/;

const sorted = (names: readonly string[]): string => JSON.stringify([...names].sort());

/** What a program is made of: its own text, and the files that it imports by their paths. */
export interface ProgramTexts {
  readonly text: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** Holds what the analysis says of a program against every world of it. */
export async function compare(
  parser: PythonParser,
  { text, files = {} }: ProgramTexts,
  worlds: readonly World[],
): Promise<Verdicts> {
  const verdicts = noVerdicts();
  const inMemory = memoryFiles(new Map(Object.entries(files).map(([name, one]) => [`/w/${name}`, one])));
  const program = await new Programs(inMemory, parser).of('/w/program.py', text, '/w');
  const trace = analyse(parser.parse(text), program, { functionEnds: true });
  const { topLevel, raises } = trace;
  const [first] = worlds;
  if (!topLevel || !first) return verdicts;
  const claimed = raises && { ...lineOf(text, trace, raises.at), error: raises.error };

  const agreed = worlds.every(({ raises: other }) => JSON.stringify(other) === JSON.stringify(first.raises));
  if (claimed) {
    for (const { raises: real } of worlds) {
      if (real?.line !== claimed.line || real.file !== claimed.file || real.error !== claimed.error) {
        verdicts.wrong.push(
          `claims ${claimed.error} at line ${claimed.line}, PyTorch: ${JSON.stringify(real)}`,
        );
      }
    }
  }
  if (agreed && first.raises && PREDICTABLE.test(first.raises.message ?? '')) {
    const isRefusal = REFUSED.test(first.raises.message ?? '');
    verdicts.raises++;
    if (isRefusal) verdicts.refusals++;
    if (claimed && isRefusal) verdicts.refusalsPredicted++;
    if (claimed) verdicts.raisesPredicted++;
    else verdicts.undecided.push(`raise at line ${first.raises.line}`);
  }
  // What is not predicted to raise is described at the end of the program, which other worlds may reach.
  const ended = worlds.filter(({ raises: real }) => (real !== null) === (claimed !== null));
  if (ended.length === 0) return verdicts;

  // What is decided is counted for whole programs that every world brings to an end.
  const uncounted = noVerdicts();
  compareTables(ended.length === worlds.length ? verdicts : uncounted, topLevel, ended, '');
  for (const [name, end] of trace.functionEnds) {
    const calls = ended.flatMap(({ scopes }) => scopes?.[name] ?? []);
    if (calls.length > 0) compareTables(uncounted, end, calls, `${name}: `);
  }
  verdicts.wrong.push(...uncounted.wrong);
  return verdicts;
}

/** The line of a span, from 1, and its file where that is an imported one. */
function lineOf(text: string, trace: Trace, span: Span): { readonly line: number; readonly file?: string } {
  const place = trace.locate(span);
  if (!place) return { line: new LineIndex(text).positionAt(span.start).row + 1 };
  const line = new LineIndex(place.file.text).positionAt(place.span.start).row + 1;
  return { line, file: place.file.path.replace('/w/', '') };
}

/** Holds a snapshot against everything that was really seen at its place. */
function compareTables(verdicts: Verdicts, claimed: Snapshot, seen: readonly Tables[], where: string): void {
  for (const name of new Set([
    ...claimed.modules.keys(),
    ...seen.flatMap(({ modules }) => Object.keys(modules)),
  ])) {
    const claim = claimed.modules.get(name);
    // A variable that some world never binds (a loop that did not run) is judged by the others.
    const real = seen.flatMap(({ modules }) => (modules[name] ? [modules[name].parameters] : []));
    const parameterNames = new Set(real.flatMap((parameters) => Object.keys(parameters)));
    if (claim?.complete) {
      for (const parameters of real) {
        if (sorted(Object.keys(parameters)) !== sorted([...claim.parameters.keys()])) {
          verdicts.wrong.push(
            `${where}${name} claimed complete with ${sorted([...claim.parameters.keys()])}, PyTorch: ${sorted(Object.keys(parameters))}`,
          );
        }
      }
    }
    for (const parameter of parameterNames) {
      const flags = new Set(real.map((parameters) => parameters[parameter]));
      const verdict = claim?.parameters.get(parameter)?.flag ?? 'unknown';
      const [flag] = flags;
      if (verdict !== 'unknown' && (flags.size > 1 || flag !== verdict)) {
        verdicts.wrong.push(
          `${where}${name}.${parameter} claimed ${verdict}, PyTorch: ${[...flags].join(' or ')}`,
        );
      }
      if (flags.size === 1) {
        verdicts.parameters++;
        if (verdict !== 'unknown') verdicts.parametersDecided++;
        else verdicts.undecided.push(`${where}${name}.${parameter}`);
      }
    }
  }
  for (const name of new Set(seen.flatMap(({ optimizers }) => Object.keys(optimizers)))) {
    const real = seen.map(({ optimizers }) => optimizers[name]);
    const claim = claimed.optimizers.get(name);
    const described = (one: { parameters: readonly string[]; detached: number } | undefined): string =>
      one ? `${sorted(one.parameters)} and ${one.detached} detached` : 'none';
    const outcomes = new Set(real.map(described));
    if (claim?.complete && (outcomes.size > 1 || !outcomes.has(described(claim)))) {
      verdicts.wrong.push(
        `${where}${name} claimed to hold ${described(claim)}, PyTorch: ${[...outcomes].join(' or ')}`,
      );
    }
    if (outcomes.size === 1 && real[0]) {
      verdicts.optimizers++;
      if (claim?.complete) verdicts.optimizersDecided++;
      else verdicts.undecided.push(`${where}${name}`);
    }
  }
}
