import {
  childOf,
  elementCount,
  isFullyKnown,
  type ModuleTree,
  namedParameters,
} from '../../../src/torch/module-tree.ts';

/** The module at a dotted path such as `layer4.0.conv1`; the tree itself for `''`, null where there is none. */
export function moduleAt(tree: ModuleTree, path: string): ModuleTree | null {
  let current: ModuleTree | null = tree;
  for (const name of path === '' ? [] : path.split('.')) {
    current = childOf(current, name);
    if (current === null) return null;
  }
  return current;
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
