/** The submodules of a module as a tree with what is frozen in each part: what a terminal or an editor draws. */
import type { FlagSnapshot, ModuleSnapshot, ParameterSnapshot, UnlistedSnapshot } from './snapshot.ts';

export interface FreezeNode {
  /** Last part of the path: `conv1`; '' for the root. */
  readonly name: string;
  /** As in `named_modules()`: `layer1.0.conv1`. */
  readonly path: string;
  /** '' where unknown. */
  readonly className: string;
  /** `mixed`: some frozen and some trainable; `none`: no parameters. */
  readonly verdict: 'frozen' | 'trainable' | 'mixed' | 'unknown' | 'none';
  /** Number of known parameters at or below, and of scalars in them (null where one is unknown). */
  readonly tensors: number;
  readonly size: number | null;
  /** Known parameters that are certainly trainable, and scalars in them. */
  readonly trainableTensors: number;
  readonly trainableSize: number;
  /** Its own parameters by their names here: `weight`. */
  readonly parameters: ReadonlyMap<string, ParameterSnapshot>;
  /** Its own parameters of unknown names. */
  readonly unlisted: readonly UnlistedSnapshot[];
  /** Whether everything at or below is in the tree by its name. */
  readonly complete: boolean;
  readonly children: readonly FreezeNode[];
}

interface Growing {
  readonly path: string;
  className: string;
  readonly parameters: Map<string, ParameterSnapshot>;
  readonly unlisted: UnlistedSnapshot[];
  /** Whether it may be no module, and is left out. */
  doubtful: boolean;
  readonly children: Map<string, Growing>;
}

/**
 * The tree of a module. A parameter that is shared stands once, under its first name. What may be a part, or a setting,
 * is left out.
 */
export function freezeTree(module: ModuleSnapshot): FreezeNode {
  const grow = (path: string): Growing => ({
    path,
    className: '',
    parameters: new Map(),
    unlisted: [],
    doubtful: false,
    children: new Map(),
  });
  const root = grow('');
  const at = (path: string): Growing => {
    let node = root;
    if (path === '') return node;
    for (const name of path.split('.')) {
      let child = node.children.get(name);
      if (!child) {
        child = grow(node.path === '' ? name : `${node.path}.${name}`);
        node.children.set(name, child);
      }
      node = child;
    }
    return node;
  };
  root.className = module.className;
  for (const [path, { className }] of module.submodules) at(path).className = className;
  for (const [name, parameter] of module.parameters) {
    const dot = name.lastIndexOf('.');
    at(name.slice(0, Math.max(0, dot))).parameters.set(name.slice(dot + 1), parameter);
  }
  for (const part of module.unlisted) {
    if (part.evident) at(part.path).unlisted.push(part);
    else at(part.path).doubtful = true;
  }
  const tree = finish(root);
  return tree.verdict === 'none' && !tree.complete ? { ...tree, verdict: 'unknown' } : tree;
}

function finish(growing: Growing): FreezeNode {
  const children = [...growing.children.values()].map(finish);
  const own = [...growing.parameters.values()];
  const flags = new Set([
    ...[...own, ...growing.unlisted].map(({ flag }) => flag),
    ...children.flatMap(({ verdict }) =>
      verdict === 'mixed' ? (['frozen', 'trainable'] as const) : verdict === 'none' ? [] : [verdict],
    ),
  ]);
  const complete =
    !growing.doubtful && growing.unlisted.length === 0 && children.every((child) => child.complete);
  const isMixed = flags.has('frozen') && flags.has('trainable');
  const sizes = [...own.map(({ size }) => size), ...children.map(({ size }) => size)];
  return {
    name: growing.path.slice(growing.path.lastIndexOf('.') + 1),
    path: growing.path,
    className: growing.className,
    verdict: isMixed
      ? 'mixed'
      : flags.has('unknown')
        ? 'unknown'
        : flags.has('frozen')
          ? 'frozen'
          : flags.has('trainable')
            ? 'trainable'
            : 'none',
    tensors: own.length + children.reduce((total, { tensors }) => total + tensors, 0),
    size:
      growing.unlisted.length > 0 || growing.doubtful
        ? null
        : sizes.reduce<number | null>(
            (total, size) => (total === null || size === null ? null : total + size),
            0,
          ),
    trainableTensors:
      own.filter(({ flag }) => flag === 'trainable').length +
      children.reduce((total, { trainableTensors }) => total + trainableTensors, 0),
    trainableSize:
      own.reduce((total, { flag, size }) => total + (flag === 'trainable' ? (size ?? 0) : 0), 0) +
      children.reduce((total, { trainableSize }) => total + trainableSize, 0),
    parameters: growing.parameters,
    unlisted: growing.unlisted,
    complete,
    children,
  };
}

/** Everything at or below a node that carries a flag. */
export function* flagsBelow(node: FreezeNode): Generator<FlagSnapshot> {
  yield* node.parameters.values();
  yield* node.unlisted;
  for (const child of node.children) yield* flagsBelow(child);
}

/** What is known of the names of some parameters, in words: `name contains "fc"`; '' where nothing is. */
export function describeNames({ answers, path }: UnlistedSnapshot): string {
  const words = answers.flatMap(({ test, yes }) => {
    // Where they are, the tree shows.
    if (test.kind === 'prefix' && test.text === `${path}.`) return [];
    const text = JSON.stringify(test.text);
    switch (test.kind) {
      case 'prefix':
        return [`${yes ? 'starts' : 'does not start'} with ${text}`];
      case 'childContains':
        return [`${yes ? 'contains' : 'does not contain'} ${text} before its first dot`];
      case 'childSuffix':
        return [`${yes ? 'has' : 'does not have'} ${text} before its first dot`];
      case 'suffix':
        return [`${yes ? 'ends' : 'does not end'} with ${text}`];
      case 'contains':
        return [`${yes ? 'contains' : 'does not contain'} ${text}`];
      case 'equals':
        return [`is ${yes ? '' : 'not '}${text}`];
      default:
        return [`${yes ? 'passes' : 'fails'} a test of the program`];
    }
  });
  return words.length === 0 ? '' : `name ${[...new Set(words)].join(' and ')}`;
}
