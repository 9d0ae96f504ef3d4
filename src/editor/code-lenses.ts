/** The lines above optimizers and models that say what they train. */
import { freezeTree } from '../analysis/places/freeze-tree.ts';
import type { ModuleSnapshot } from '../analysis/places/snapshot.ts';
import { isImported } from '../analysis/program.ts';
import { blocksOf } from '../python/functions.ts';
import type { FunctionDefinition, Span, Statement } from '../python/syntax.ts';
import { dottedName, statementAt } from '../python/walk.ts';
import { listed, partsOf, share } from './freeze-totals.ts';
import type { ObservedProgram } from './observed-program.ts';
import { type OptimizerShare, shareOf } from './optimizer-share.ts';
import { amount, tensors, type Words } from './wording.ts';

/** `informative`: only optimizers that are fully known, and miss or hold something frozen. */
export type LensMode = 'informative' | 'always';

export interface CodeLens {
  /** The statement below the lens. */
  readonly span: Span;
  readonly text: string;
}

export function codeLenses(program: ObservedProgram, mode: LensMode, words: Words): readonly CodeLens[] {
  const lenses = optimizerLenses(program, mode, words);
  if (mode === 'always') lenses.push(...modelLenses(program, words));
  return lenses.toSorted((a, b) => a.span.start - b.span.start);
}

function optimizerLenses(program: ObservedProgram, mode: LensMode, words: Words): CodeLens[] {
  const lenses = new Map<Statement, CodeLens>();
  for (const { call } of program.trace.eventsOf('optimizerBuilt')) {
    const statement = isImported(call) ? null : statementAt(program.module, call.start);
    if (!statement || lenses.has(statement)) continue;
    const snapshot = program.at({ at: 'after', node: statement });
    const built = [...(snapshot?.optimizers.values() ?? [])].find((one) => one.built.start === call.start);
    if (!snapshot || !built) continue;
    const found = shareOf(snapshot, built);
    const isInformative = found.known && (found.updates.tensors < found.whole.tensors || hasFrozen(found));
    if (mode === 'informative' && !isInformative) continue;
    lenses.set(statement, { span: statement, text: optimizerText(found, words) });
  }
  return [...lenses.values()];
}

const hasFrozen = ({ frozen }: OptimizerShare): boolean => frozen.tensors > 0;

function optimizerText(found: OptimizerShare, words: Words): string {
  const { translate } = words;
  if (!found.known) {
    const { tensors: count } = found.updates;
    return count === 0
      ? translate('what it updates is unknown')
      : translate('updates at least {0}', tensors(words, count));
  }
  const { updates, whole, frozen, parts } = found;
  const texts: string[] = [];
  if (updates.tensors === 0) texts.push(translate('updates nothing: all it holds is frozen'));
  else {
    const isAll = updates.tensors === whole.tensors;
    const amounts = share(words, updates, whole);
    texts.push(translate('updates {0}', isAll ? amounts : `${amounts}: ${listed(parts)}`));
    if (frozen.tensors > 0) texts.push(translate('also holds {0} frozen', amount(frozen.tensors)));
  }
  return texts.join(' · ');
}

/** Above the first assignment of each model in a scope: what of it trains at the scope's end. */
function modelLenses(program: ObservedProgram, words: Words): CodeLens[] {
  const lenses: CodeLens[] = [];
  const inScope = (block: readonly Statement[], scope: FunctionDefinition | null): void => {
    const end = scope ? program.at({ at: 'end', node: scope }) : program.trace.topLevel;
    const seen = new Set<string>();
    const visit = (statements: readonly Statement[]): void => {
      for (const statement of statements) {
        if (statement.kind === 'functionDefinition') {
          inScope(statement.body, statement);
          continue;
        }
        for (const inner of blocksOf(statement)) visit(inner);
        if (statement.kind !== 'assignment') continue;
        const names = statement.targets.map(dottedName);
        for (const name of names) {
          const model = name === null || seen.has(name) ? undefined : end?.modules.get(name);
          if (name === null || !model) continue;
          seen.add(name);
          const text = modelText(model, scope, words);
          if (text !== null) lenses.push({ span: statement, text });
        }
      }
    };
    visit(block);
  };
  inScope(program.module.body, null);
  return lenses;
}

function modelText(model: ModuleSnapshot, scope: FunctionDefinition | null, words: Words): string | null {
  const { translate } = words;
  const tree = freezeTree(model);
  if (tree.verdict === 'none') return null;
  const isKnown = model.complete && [...model.parameters.values()].every(({ flag }) => flag !== 'unknown');
  const parts = partsOf(tree, (path) => model.parameters.get(path)?.flag === 'trainable');
  const trains = { tensors: tree.trainableTensors, size: tree.trainableSize };
  const state = !isKnown
    ? translate('what trains is unknown')
    : trains.tensors === 0
      ? translate('all {0} frozen', tensors(words, tree.tensors))
      : trains.tensors === tree.tensors
        ? translate('{0} train', share(words, trains, tree))
        : `${translate('{0} train', share(words, trains, tree))}: ${listed(parts)}`;
  return scope
    ? translate('at the end of {0}(): {1}', scope.name, state)
    : translate('at the end: {0}', state);
}
