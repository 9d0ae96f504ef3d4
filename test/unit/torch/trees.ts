import {
  isFullyKnown,
  type ModuleTree,
  namedParameters,
  type ParameterFact,
} from '../../../src/torch/module-tree.ts';

/** The child registered under `name`, or null. */
export function childOf(tree: ModuleTree, name: string): ModuleTree | null {
  return tree.children.find((child) => child.name === name)?.tree ?? null;
}

/** The module at a dotted path such as `layer4.0.conv1`; the tree itself for `''`, null where there is none. */
export function moduleAt(tree: ModuleTree, path: string): ModuleTree | null {
  let current: ModuleTree | null = tree;
  for (const name of path === '' ? [] : path.split('.')) {
    current = childOf(current, name);
    if (current === null) return null;
  }
  return current;
}

/** The number of values in a parameter, or null where a dimension is unknown. */
export function elementCount(parameter: ParameterFact): number | null {
  if (parameter.shape === null) return null;
  let count = 1;
  for (const dimension of parameter.shape) {
    if (dimension === null) return null;
    count *= dimension;
  }
  return count;
}

/**
 * The number of values in all parameters below `tree`, or null where a parameter is doubtful or its size
 * unknown. A parameter shared by two modules counts twice.
 */
export function parameterCount(tree: ModuleTree): number | null {
  if (!isFullyKnown(tree)) return null;
  let total = 0;
  for (const [, parameter] of namedParameters(tree)) {
    const count = elementCount(parameter);
    if (count === null) return null;
    total += count;
  }
  return total;
}
