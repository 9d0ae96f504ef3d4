/** *Freeze Layers…*: the submodules there are to choose from, and the statements for those that were chosen. */

import { childStep } from '../analysis/observations/names.ts';
import type { FreezeNode } from '../analysis/places/freeze-tree.ts';
import type { Edit } from '../rules/rule.ts';
import type { FreezeContext, KnownModel } from './freeze-context.ts';
import { flagLines } from './freeze-text.ts';

/** A module of a model, as an entry of the list. */
export interface LayerChoice {
  /** The variable of its model. */
  readonly model: string;
  /** As in `named_modules()`: `layer1.0.conv1`; '' for the model itself. */
  readonly path: string;
  /** How the program reaches it: `model.layer1[0].conv1`. */
  readonly expression: string;
  /** Last part of the path, or the model's variable. */
  readonly name: string;
  /** 0 for the model. */
  readonly depth: number;
  /** '' where unknown. */
  readonly className: string;
  readonly verdict: FreezeNode['verdict'];
  /** Number of scalars; null where unknown. */
  readonly size: number | null;
}

/** The modules of the models at the cursor that have parameters, each model before its parts. */
export function layerChoices({ models }: Pick<FreezeContext, 'models'>): readonly LayerChoice[] {
  const choices: LayerChoice[] = [];
  for (const { name: model, tree } of models) {
    const add = (node: FreezeNode, expression: string, name: string, depth: number): void => {
      const { path, className, verdict, size } = node;
      choices.push({ model, path, expression, name, depth, className, verdict, size });
      for (const child of node.children) {
        if (child.verdict === 'none') continue;
        add(child, `${expression}${childStep(node, child.name)}`, child.name, depth + 1);
      }
    };
    add(tree, model, model, 0);
  }
  return choices;
}

/** Freezes or unfreezes the chosen modules, in one edit; null where none is chosen or nothing can be inserted. */
export function setLayers(
  { module, point }: FreezeContext,
  chosen: readonly LayerChoice[],
  trainable: boolean,
): Edit | null {
  const lines = layerLines({ module, point }, chosen, trainable);
  return lines.length === 0 ? null : point.insert(lines);
}

/** The inserted statements by themselves, not indented. */
export function layerLines(
  { module, point }: Pick<FreezeContext, 'module' | 'point'>,
  chosen: readonly LayerChoice[],
  trainable: boolean,
): readonly string[] {
  return flagLines(
    module,
    point.offset,
    outermost(chosen).map(({ expression }) => expression),
    trainable,
  );
}

/** Without the modules inside others that were chosen as well. */
function outermost(chosen: readonly LayerChoice[]): readonly LayerChoice[] {
  return chosen.filter(
    (inner) =>
      !chosen.some(
        (outer) =>
          outer !== inner &&
          outer.model === inner.model &&
          (outer.path === '' || inner.path.startsWith(`${outer.path}.`)),
      ),
  );
}

/** The choice that a dotted path such as `model.layer1.0` or `self.model.fc` names; null where there is none. */
export function choiceNamed(choices: readonly LayerChoice[], path: string): LayerChoice | null {
  return (
    choices.find(
      (choice) => path === (choice.path === '' ? choice.model : `${choice.model}.${choice.path}`),
    ) ??
    choices.find(({ expression }) => expression === path) ??
    null
  );
}

/** Names that heads of classifiers, detectors and language models go by. */
const HEAD = /head|classifier|predictor|logits|^(?:aux_?)?fc\d*$|^last_linear$|^output(?:_layer)?$/i;

/**
 * The head of a model: the parts right below it whose names say so, else its last part if that is one layer. Empty where
 * it has no such part, or nothing else. Of a model out of sight it is a part that the program puts in, as in
 * `model.classifier = nn.Linear(768, 3)`: `get_classifier()` of timm gives a pair for some models.
 */
export function headOf({ name, tree }: KnownModel): readonly LayerChoice[] {
  const choices = layerChoices({ models: [{ name, tree, mentioned: false }] });
  let depth = 1;
  for (let parent = tree; ; depth++) {
    const parts = parent.children.filter(({ verdict }) => verdict !== 'none');
    const [only, ...more] = parts;
    const hasOthers = parent.unlisted.length > 0;
    // A wrapper around the model.
    if (only && more.length === 0 && !hasOthers) {
      parent = only;
      continue;
    }
    const named = parts.filter((part) => HEAD.test(part.name));
    const last = hasOthers ? undefined : parts.at(-1);
    const isLayer = last?.children.every(({ verdict }) => verdict === 'none');
    const heads = named.length > 0 ? named : last && isLayer ? [last] : [];
    if (heads.length === 0 || (heads.length === parts.length && !hasOthers)) return [];
    return choices.filter(
      (choice) => choice.depth === depth && heads.some(({ path }) => path === choice.path),
    );
  }
}

/** Freezes a model and unfreezes its head again. */
export function freezeAllBut(
  { module, point }: FreezeContext,
  model: string,
  heads: readonly LayerChoice[],
): Edit | null {
  const kept = heads.map(({ expression }) => expression);
  return point.insert([
    ...flagLines(module, point.offset, [model], false),
    ...flagLines(module, point.offset, kept, true),
  ]);
}
