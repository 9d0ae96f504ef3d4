/**
 * What a module owns, as plain data: its own parameters, its buffers and its children, in the order
 * in which PyTorch registers them (and therefore in which `parameters()` and `children()` yield them).
 */

/** One dimension of a shape; null where the arguments do not tell it. */
export type Dimension = number | null;

export interface ParameterFact {
  /** The registered name, such as `weight` or `bias_ih_l0_reverse`. */
  readonly name: string;
  /** Null where even the number of dimensions is unknown, as for a lazy layer before its first input. */
  readonly shape: readonly Dimension[] | null;
  /** `maybe`: an argument that is not known decides whether this parameter exists at all. */
  readonly presence: 'certain' | 'maybe';
  /** Set where the constructor itself leaves `requires_grad` False: certainly, or hanging on an unknown argument. */
  readonly startsFrozen?: 'certain' | 'maybe';
}

export interface ChildFact {
  readonly name: string;
  readonly tree: ModuleTree;
  /** `maybe`: an argument that is not known decides whether this child exists at all. */
  readonly presence: 'certain' | 'maybe';
}

/**
 * What `train()` and `eval()` change in this one module, its children left aside:
 * - `none`: nothing;
 * - `random`: it drops or perturbs values at random in training mode only (dropout and its kin);
 * - `running-statistics`: in training mode it normalises by the batch and moves its running statistics;
 * - `output`: it returns something else in training mode (auxiliary outputs, losses);
 * - `unknown`: an argument that is not known decides.
 */
export type ModeEffect = 'none' | 'random' | 'running-statistics' | 'output' | 'unknown';

export interface ModuleTree {
  /** The short class name, such as `Conv2d` or `BasicBlock`. */
  readonly className: string;
  /** The canonical import path, such as `torch.nn.Conv2d` or `torchvision.models.resnet.BasicBlock`. */
  readonly qualifiedName: string;
  /** Parameters registered on this module itself. */
  readonly parameters: readonly ParameterFact[];
  /** Names of the buffers registered on this module itself. */
  readonly buffers: readonly string[];
  readonly children: readonly ChildFact[];
  /** False where this module may own parameters or children that are not listed. */
  readonly complete: boolean;
  readonly modeEffect: ModeEffect;
}

/** Every parameter below `tree` with its dotted name, in the order of `named_parameters()` (tied ones repeat). */
export function* namedParameters(tree: ModuleTree, prefix = ''): Generator<readonly [string, ParameterFact]> {
  for (const parameter of tree.parameters) yield [prefix + parameter.name, parameter];
  for (const child of tree.children) yield* namedParameters(child.tree, `${prefix}${child.name}.`);
}

/** Every module below and including `tree` with its dotted name, in the order of `named_modules()`. */
export function* namedModules(tree: ModuleTree, prefix = ''): Generator<readonly [string, ModuleTree]> {
  yield [prefix, tree];
  const start = prefix === '' ? '' : `${prefix}.`;
  for (const child of tree.children) yield* namedModules(child.tree, start + child.name);
}

/** True if nothing below `tree` is unknown: every parameter that exists is listed and certain. */
export function isFullyKnown(tree: ModuleTree): boolean {
  return (
    tree.complete &&
    tree.parameters.every((parameter) => parameter.presence === 'certain') &&
    tree.children.every((child) => child.presence === 'certain' && isFullyKnown(child.tree))
  );
}
