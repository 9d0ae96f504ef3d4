/** Holds the analysis of a program against what real PyTorch did with it, in every world of its unknown flags. */
import { analyse } from '../../src/analysis/analyse.ts';
import type { PythonParser } from '../../src/python/parser.ts';
import { LineIndex } from '../../src/python/positions.ts';

export interface World {
  readonly raises: { readonly line: number; readonly error: string; readonly message?: string } | null;
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
  undecided: [],
});

const PREDICTABLE =
  /empty parameter list|more than one parameter group|not iterable|not subscriptable|has no len|not reversible|unsupported operand|'(?:generator|method|tuple)' object has no|values to unpack|must be (?:a )?bool|leaf variables/;

const sorted = (names: readonly string[]): string => JSON.stringify([...names].sort());

export function compare(parser: PythonParser, text: string, worlds: readonly World[]): Verdicts {
  const verdicts = noVerdicts();
  const trace = analyse(parser.parse(text));
  const lines = new LineIndex(text);
  const { topLevel, raises } = trace;
  const [first] = worlds;
  if (!topLevel || !first) return verdicts;
  const claimed = raises && { line: lines.positionAt(raises.at.start).row + 1, error: raises.error };

  const agreed = worlds.every(({ raises: other }) => JSON.stringify(other) === JSON.stringify(first.raises));
  if (claimed) {
    for (const { raises: real } of worlds) {
      if (real?.line !== claimed.line || real.error !== claimed.error) {
        verdicts.wrong.push(
          `claims ${claimed.error} at line ${claimed.line}, PyTorch: ${JSON.stringify(real)}`,
        );
      }
    }
  }
  if (agreed && first.raises && PREDICTABLE.test(first.raises.message ?? '')) {
    verdicts.raises++;
    if (claimed) verdicts.raisesPredicted++;
    else verdicts.undecided.push(`raise at line ${first.raises.line}`);
  }
  // What is not predicted to raise is described at the end of the program: nothing to compare with.
  if (worlds.some(({ raises: real }) => (real !== null) !== (claimed !== null))) return verdicts;

  for (const name of new Set([
    ...topLevel.modules.keys(),
    ...worlds.flatMap(({ modules }) => Object.keys(modules)),
  ])) {
    const claim = topLevel.modules.get(name);
    // A variable that some world never binds (a loop that did not run) is judged by the others.
    const real = worlds.flatMap(({ modules }) => (modules[name] ? [modules[name].parameters] : []));
    const parameterNames = new Set(real.flatMap((parameters) => Object.keys(parameters)));
    if (claim?.complete) {
      for (const parameters of real) {
        if (sorted(Object.keys(parameters)) !== sorted([...claim.parameters.keys()])) {
          verdicts.wrong.push(
            `${name} claimed complete with ${sorted([...claim.parameters.keys()])}, PyTorch: ${sorted(Object.keys(parameters))}`,
          );
        }
      }
    }
    for (const parameter of parameterNames) {
      const flags = new Set(real.map((parameters) => parameters[parameter]));
      const verdict = claim?.parameters.get(parameter)?.flag ?? 'unknown';
      const [flag] = flags;
      if (verdict !== 'unknown' && (flags.size > 1 || flag !== verdict)) {
        verdicts.wrong.push(`${name}.${parameter} claimed ${verdict}, PyTorch: ${[...flags].join(' or ')}`);
      }
      if (flags.size === 1) {
        verdicts.parameters++;
        if (verdict !== 'unknown') verdicts.parametersDecided++;
        else verdicts.undecided.push(`${name}.${parameter}`);
      }
    }
  }
  for (const name of new Set(worlds.flatMap(({ optimizers }) => Object.keys(optimizers)))) {
    const real = worlds.map(({ optimizers }) => optimizers[name]);
    const claim = topLevel.optimizers.get(name);
    const described = (one: { parameters: readonly string[]; detached: number } | undefined): string =>
      one ? `${sorted(one.parameters)} and ${one.detached} detached` : 'none';
    const outcomes = new Set(real.map(described));
    if (claim?.complete && (outcomes.size > 1 || !outcomes.has(described(claim)))) {
      verdicts.wrong.push(
        `${name} claimed to hold ${described(claim)}, PyTorch: ${[...outcomes].join(' or ')}`,
      );
    }
    if (outcomes.size === 1 && real[0]) {
      verdicts.optimizers++;
      if (claim?.complete) verdicts.optimizersDecided++;
      else verdicts.undecided.push(name);
    }
  }
  return verdicts;
}
