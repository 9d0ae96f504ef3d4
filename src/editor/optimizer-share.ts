/** What an optimizer updates, and of how much. */
import { freezeTree } from '../analysis/places/freeze-tree.ts';
import type {
  ModuleSnapshot,
  OptimizerSnapshot,
  ParameterSnapshot,
  Snapshot,
} from '../analysis/places/snapshot.ts';
import { partsOf, type Totals, totalsOf } from './freeze-totals.ts';

export interface OptimizerShare {
  /** Whether it is exactly known what it holds, and the state of all of that and of what is around it. */
  readonly known: boolean;
  /** Held and trainable. */
  readonly updates: Totals;
  /** Held and certainly frozen. */
  readonly frozen: Totals;
  /** Everything that its models have. */
  readonly whole: Totals;
  /** Certainly trainable, and in no optimizer at all. */
  readonly missed: Totals;
  /** The parts that it updates, as `fc.*`; after the model's name where there are several models. */
  readonly parts: readonly string[];
  readonly missedParts: readonly string[];
}

export function shareOf({ modules }: Snapshot, optimizer: OptimizerSnapshot): OptimizerShare {
  const held = new Map<string, Set<string>>();
  let known = optimizer.complete && optimizer.detached === 0;
  for (const parameter of optimizer.parameters) {
    const owner = ownerOf(parameter, modules);
    if (owner === null) known = false;
    else held.set(owner.model, (held.get(owner.model) ?? new Set()).add(owner.path));
  }
  const updates: ParameterSnapshot[] = [];
  const frozen: ParameterSnapshot[] = [];
  const whole: ParameterSnapshot[] = [];
  const missed: ParameterSnapshot[] = [];
  const parts: string[] = [];
  const missedParts: string[] = [];
  for (const [name, paths] of held) {
    const model = modules.get(name) as ModuleSnapshot;
    if (!model.complete) known = false;
    const isMissed = (one: ParameterSnapshot): boolean =>
      one.flag === 'trainable' && one.optimizers.length + one.perhapsIn.length === 0;
    for (const [path, parameter] of model.parameters) {
      whole.push(parameter);
      if (isMissed(parameter)) missed.push(parameter);
      if (!paths.has(path)) continue;
      if (parameter.flag === 'unknown') known = false;
      else (parameter.flag === 'trainable' ? updates : frozen).push(parameter);
    }
    const tree = freezeTree(model);
    const named = (wanted: (one: ParameterSnapshot, path: string) => boolean): readonly string[] => {
      const found = partsOf(tree, (path) => {
        const parameter = model.parameters.get(path);
        return parameter !== undefined && wanted(parameter, path);
      });
      return held.size === 1 ? found : found.map((part) => `${name}.${part}`);
    };
    parts.push(...named(({ flag }, path) => flag === 'trainable' && paths.has(path)));
    missedParts.push(...named(isMissed));
  }
  return {
    known,
    updates: totalsOf(updates),
    frozen: totalsOf(frozen),
    whole: totalsOf(whole),
    missed: totalsOf(missed),
    parts,
    missedParts,
  };
}

/** `self.model.fc.weight` is `fc.weight` of `self.model`. */
function ownerOf(
  parameter: string,
  modules: ReadonlyMap<string, ModuleSnapshot>,
): { readonly model: string; readonly path: string } | null {
  for (let dot = parameter.indexOf('.'); dot !== -1; dot = parameter.indexOf('.', dot + 1)) {
    const [model, path] = [parameter.slice(0, dot), parameter.slice(dot + 1)];
    if (modules.get(model)?.parameters.has(path)) return { model, path };
  }
  return null;
}
