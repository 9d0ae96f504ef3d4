/**
 * Literate fixtures of the analysis: test/unit/analysis/constructs/*.md, one file for each construct, prose around
 * Python programs. The paragraph above a ```python fence names its test. Comments say what is known at their place:
 *
 *     model.fc.requires_grad_(False)  # revealed: model.fc = frozen; model = mixed
 *     # revealed: optimizer holds model.fc.weight, model.fc.bias
 *
 * Behind code it is the state after that statement, on a line of its own the state there, in the innermost function.
 * Where the place is reached several times, it is what all of them agree on. Semicolons separate several claims:
 *
 *     TARGET = frozen | trainable | mixed | unknown    TARGET is a variable or what is below it: `self.net.fc.bias`
 *     TARGET if TEST = ...                             only parameters whose name passes: `model if "fc" in name`
 *     TARGET = train | eval                            the mode of a module and all below it; `mode unknown`, too
 *     OPTIMIZER holds A, B, 2 detached                 exactly these, modules standing for all they own; `nothing`
 *     OPTIMIZER holds A if TEST                        of an unknown model, exactly the parameters that pass
 *     OPTIMIZER holds unknown                          what it holds is not certain
 *     gradients = on | off | inference                 whether autograd records
 *     raises ValueError                                the program certainly ends here
 *     raises unknown                                   whether and where it raises is not certain
 *     unreached                                        no path leads here
 *
 * Names `settings.something` are flags that may be true or false: claims hold in every world. `npm run test:torch`
 * runs the same programs under PyTorch and holds the claims against it (test/differential/run_revealed.py).
 */
import { analyse } from '../../../src/analysis/analyse.ts';
import { placeBefore } from '../../../src/analysis/places/places.ts';
import type { FlagSnapshot, Snapshot, UnlistedSnapshot } from '../../../src/analysis/places/snapshot.ts';
import type { Place } from '../../../src/analysis/places/watch.ts';
import { ALONE } from '../../../src/analysis/program.ts';
import type { Trace } from '../../../src/analysis/trace.ts';
import { blocksOf } from '../../../src/python/functions.ts';
import type { PythonParser } from '../../../src/python/parser.ts';
import { LineIndex } from '../../../src/python/positions.ts';
import type { Module, Statement } from '../../../src/python/syntax.ts';

export interface Claim {
  /** From 1, in the program. */
  readonly line: number;
  readonly text: string;
  /** True on a line of its own. */
  readonly alone: boolean;
}

export interface RevealedProgram {
  readonly title: string;
  /** Line of the fence in the Markdown file, from 1. */
  readonly line: number;
  readonly text: string;
  readonly claims: readonly Claim[];
}

const comment = /^(.*?)\s*#\s*revealed:\s*(.*?)\s*$/;

/** Reads a fixture file. Throws an Error with the line of whatever it does not understand. */
export function readRevealed(markdown: string): readonly RevealedProgram[] {
  const programs: RevealedProgram[] = [];
  const lines = markdown.split('\n');
  let paragraph: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (!line.startsWith('```')) {
      if (/^#|^\s*$/.test(line)) {
        if (!lines[index + 1]?.startsWith('```')) paragraph = [];
      } else paragraph.push(line.trim());
      continue;
    }
    const opening = index + 1;
    if (line !== '```python') throw new Error(`line ${opening}: unknown kind of fence "${line}"`);
    const body: string[] = [];
    for (index++; lines[index] !== '```'; index++) {
      if (index >= lines.length) throw new Error(`line ${opening}: this fence never ends`);
      body.push(lines[index] ?? '');
    }
    if (paragraph.length === 0) throw new Error(`line ${opening}: say above the program what it shows`);
    const claims = body.flatMap((row, number): Claim[] => {
      const [, code = '', texts] = comment.exec(row) ?? [];
      const alone = code.trim() === '';
      return (texts?.split(/;\s*/) ?? []).map((text) => ({ line: number + 1, text, alone }));
    });
    if (claims.length === 0) throw new Error(`line ${opening}: nothing is revealed`);
    const title = paragraph.join(' ').replace(/[.:]$/, '');
    programs.push({ title, line: opening, text: `${body.join('\n')}\n`, claims });
    paragraph = [];
  }
  return programs;
}

/** What the analysis says to each claim of a program: the claim itself where it agrees. */
export function answers(parser: PythonParser, { text, claims }: RevealedProgram): readonly string[] {
  const module = parser.parse(text);
  if (module.errors.length > 0) throw new Error('the program has a syntax error');
  const lines = new LineIndex(text);
  const places = claims.map((claim) => placeOf(module, lines, claim));
  const trace = analyse(module, ALONE, { places });
  return claims.map((claim, index) => {
    const place = places[index];
    return place ? answer(trace, place, claim, lines) : 'no such place';
  });
}

function placeOf(module: Module, lines: LineIndex, { line, alone }: Claim): Place {
  const { start, end } = lines.lineSpan(line - 1);
  const mark = start + (lines.text.slice(start, end).search(/#\s*revealed:/) ?? 0);
  if (alone) {
    const found = placeBefore(module, mark);
    if (!found) throw new Error(`line ${line}: no place in the program`);
    return found.place;
  }
  const statement = innermost(module.body, lines.text.slice(0, mark).trimEnd().length);
  if (!statement) throw new Error(`line ${line}: no statement ends here`);
  return { at: 'after', node: statement };
}

/** The innermost statement that ends at an offset. */
function innermost(block: readonly Statement[], end: number): Statement | null {
  for (const statement of block) {
    for (const inner of blocksOf(statement)) {
      const found = innermost(inner, end);
      if (found) return found;
    }
    if (statement.end === end) return statement;
  }
  return null;
}

function answer(trace: Trace, place: Place, { line, text }: Claim, lines: LineIndex): string {
  const raises = /^raises (\w+)$/.exec(text);
  if (raises) {
    const raised = trace.raises;
    if (!raised) return 'raises unknown';
    const at = lines.positionAt(raised.at.start).row + 1;
    return at === line ? `raises ${raised.error}` : `raises ${raised.error} in line ${at}`;
  }
  const snapshot = trace.at(place, 'visible');
  if (!snapshot) return 'unreached';
  const holds = /^([^\s=]+) holds (.*)$/.exec(text);
  if (holds) return answerHolds(snapshot, holds[1] ?? '', holds[2] ?? '', text);
  const [, target = '', test, verdict = ''] = /^([^\s=]+)(?: if (.*?))? = (.*)$/.exec(text) ?? [];
  if (target === 'gradients') return `gradients = ${snapshot.gradients}`;
  const found = lookUp(snapshot, target, test);
  if (found === null) return `nothing is called ${target}`;
  const condition = test === undefined ? '' : ` if ${test}`;
  if (/^(?:train|eval|mode unknown)$/.test(verdict)) {
    const [mode = 'unknown', ...others] = new Set(found.modes);
    return `${target} = ${others.length > 0 || mode === 'unknown' ? 'mode unknown' : mode}`;
  }
  return `${target}${condition} = ${summary(found.flags)}`;
}

function answerHolds(snapshot: Snapshot, name: string, list: string, text: string): string {
  const optimizer = snapshot.optimizers.get(name);
  if (!optimizer) return `no optimizer is called ${name}`;
  const filtered = /^([^\s=]+) if (.*)$/.exec(list);
  if (filtered) {
    const [, target = '', test] = filtered;
    const inside = new Set(lookUp(snapshot, target, test)?.flags);
    const all = lookUp(snapshot, target)?.flags ?? [];
    const wrong = all.filter((flag) =>
      inside.has(flag)
        ? !flag.optimizers.includes(name)
        : flag.optimizers.includes(name) || flag.perhapsIn.includes(name),
    );
    return inside.size > 0 && wrong.length === 0 ? text : `${name} holds something else`;
  }
  if (!optimizer.complete) return `${name} holds unknown`;
  const expected = list === 'nothing' ? [] : list.split(/,\s*/);
  const names = expected.flatMap((part) =>
    /^\d+ detached$/.test(part) ? [] : (lookUp(snapshot, part)?.names ?? [part]),
  );
  const detached = Number(/(\d+) detached/.exec(list)?.[1] ?? 0);
  const isSame = JSON.stringify(names.sort()) === JSON.stringify([...optimizer.parameters].sort());
  if (isSame && detached === optimizer.detached) return text;
  const gone = optimizer.detached > 0 ? [`${optimizer.detached} detached`] : [];
  return `${name} holds ${[...optimizer.parameters, ...gone].join(', ') || 'nothing'}`;
}

interface Found {
  readonly flags: readonly FlagSnapshot[];
  readonly names: readonly string[];
  readonly modes: readonly string[];
}

/** What a name means: the parameters at or below it. */
function lookUp(snapshot: Snapshot, target: string, test?: string): Found | null {
  const owner = [...snapshot.modules.keys()]
    .filter((name) => target === name || target.startsWith(`${name}.`))
    .sort((a, b) => b.length - a.length)[0];
  const module = owner === undefined ? undefined : snapshot.modules.get(owner);
  if (owner === undefined || !module) return null;
  const path = target.slice(owner.length + 1);
  const isBelow = (name: string): boolean => path === '' || name === path || name.startsWith(`${path}.`);
  const named = [...module.parameters].filter(([name]) => isBelow(name) && passes(name, test));
  const below = module.unlisted.filter((part) => isUnlistedBelow(part, path));
  // A part that the program never names is in the classes that may contain it.
  const some =
    named.length + below.length > 0 ? below : module.unlisted.filter((part) => mayHold(part, path));
  const unlisted = some.filter((part) => answersYes(part, test));
  const modes = [...module.submodules].filter(([name]) => isBelow(name)).map(([, { mode }]) => mode);
  return {
    flags: [...named.map(([, flag]) => flag), ...unlisted],
    names: named.map(([name]) => `${owner}.${name}`),
    modes: path === '' ? [module.mode, ...modes] : modes,
  };
}

const isUnlistedBelow = ({ path: at, answers: known }: UnlistedSnapshot, path: string): boolean =>
  path === '' ||
  at === path ||
  at.startsWith(`${path}.`) ||
  known.some(({ test, yes }) => yes && test.kind === 'prefix' && test.text.startsWith(path));

const mayHold = ({ path: at, answers: known }: UnlistedSnapshot, path: string): boolean =>
  at === '' && known.every(({ test, yes }) => !yes || test.kind !== 'prefix' || test.text.startsWith(path));

const nameTest = /^(?:"([^"]+)" (not )?in name|(not )?name\.(startswith|endswith)\("([^"]+)"\))$/;

function parts(test: string): { kind: string; text: string; wanted: boolean } {
  const [, contained, notIn, not, method, affix] = nameTest.exec(test) ?? [];
  if (contained !== undefined) return { kind: 'contains', text: contained, wanted: notIn === undefined };
  if (affix === undefined) throw new Error(`cannot read the test ${test}`);
  return { kind: method === 'startswith' ? 'prefix' : 'suffix', text: affix, wanted: not === undefined };
}

function passes(name: string, test: string | undefined): boolean {
  if (test === undefined) return true;
  const { kind, text, wanted } = parts(test);
  const does =
    kind === 'contains'
      ? name.includes(text)
      : kind === 'prefix'
        ? name.startsWith(text)
        : name.endsWith(text);
  return does === wanted;
}

function answersYes({ answers: known }: UnlistedSnapshot, condition: string | undefined): boolean {
  if (condition === undefined) return true;
  const { kind, text, wanted } = parts(condition);
  return known.some(({ test, yes }) => test.kind === kind && test.text === text && yes === wanted);
}

function summary(flags: readonly FlagSnapshot[]): string {
  const all = new Set(flags.map(({ flag }) => flag));
  if (all.size === 0) return 'nothing';
  if (all.has('unknown')) return 'unknown';
  return all.size > 1 ? 'mixed' : ([...all][0] ?? 'nothing');
}
