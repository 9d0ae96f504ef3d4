/** The refactorings that freeze and unfreeze, for the cursor on a statement about a model or an optimizer. */
import { LineIndex } from '../python/positions.ts';
import { inWords } from '../rules/fix-text.ts';
import type { Edit } from '../rules/rule.ts';
import type { FreezeContext } from './freeze-context.ts';
import { freezeAllBut, headOf } from './freeze-layers.ts';
import { freezeStatistics } from './freeze-statistics.ts';
import { epochLoop } from './gradual-unfreeze.ts';
import { mentions, startOfCode } from './insertion-point.ts';
import { filterableOptimizers, rebuildableOptimizers } from './optimizer-edits.ts';
import { english, type Words } from './wording.ts';

export const refactorKind = 'refactor.rewrite.freezelint';

/** A refactoring that carries its edit, or names the command that asks for the rest. */
export interface FreezeAction {
  readonly title: string;
  readonly edit: Edit | null;
  readonly command: {
    readonly name: 'freezeLayers' | 'unfreezeLayers' | 'unfreezeGradually';
    readonly model: string;
  } | null;
}

/** The actions on offer at an offset, of which `context` was made. */
export function freezeActions(
  context: FreezeContext,
  offset: number,
  { translate }: Words = english,
): readonly FreezeAction[] {
  const { module, snapshot, point } = context;
  const actions: FreezeAction[] = [];
  const withEdit = (title: string, edit: Edit | null): void => {
    if (edit) actions.push({ title, edit, command: null });
  };
  const loop = epochLoop(module, startOfCode(new LineIndex(module.text), offset));
  for (const model of context.models.filter(({ mentioned }) => mentioned)) {
    const { name, tree } = model;
    const ask = (title: string, command: NonNullable<FreezeAction['command']>['name']): void => {
      actions.push({ title, edit: null, command: { name: command, model: name } });
    };
    if (tree.verdict !== 'frozen') ask(translate('Freeze layers of `{0}`…', name), 'freezeLayers');
    if (tree.verdict !== 'trainable') ask(translate('Unfreeze layers of `{0}`…', name), 'unfreezeLayers');
    const heads = headOf(model);
    if (heads.length > 0) {
      const kept = inWords(heads.map(({ expression }) => expression));
      withEdit(translate('Freeze all of `{0}` but {1}', name, kept), freezeAllBut(context, name, heads));
    }
    const statistics = translate('Freeze the BatchNorm statistics of `{0}` too', name);
    withEdit(statistics, freezeStatistics(context, model));
    const isSomeFrozen = tree.verdict === 'frozen' || tree.verdict === 'mixed';
    if (isSomeFrozen && loop) ask(translate('Unfreeze `{0}` gradually…', name), 'unfreezeGradually');
  }
  const here = filterableOptimizers(context).filter(({ isHere }) => isHere);
  for (const { name, edit } of here)
    withEdit(translate('Give `{0}` the trainable parameters only', name), edit);
  const { statement } = point;
  const known = [...snapshot.modules.keys(), ...snapshot.optimizers.keys()];
  if (statement && known.some((name) => mentions(statement, name))) {
    for (const { name, schedulers, edit } of rebuildableOptimizers(context)) {
      const title =
        schedulers.length === 0
          ? translate('Rebuild `{0}` here', name)
          : translate('Rebuild `{0}` here, and build {1} anew', name, inWords(schedulers));
      withEdit(title, edit);
    }
  }
  return actions;
}
