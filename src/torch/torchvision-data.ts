import type { ChildFact, Dimension, ModeEffect, ModuleTree, ParameterFact } from './module-tree.ts';
import { canonicalName } from './names.ts';
import recorded from './torchvision-models.json' with { type: 'json' };

/** The file as scripts/torch/record_torchvision.py writes it; equal subtrees are one node. */
interface RecordedFile {
  /** Name, then the numbers of the ancestors, nearest first. */
  readonly classes: readonly (readonly [string, ...number[]])[];
  /** Class, mode effect, names of own parameters, of buffers, of children (`*` for 0, 1, 2...); trailing blanks left out. */
  readonly kinds: readonly (readonly [number, number?, string?, string?, string?])[];
  /** Shapes of the own parameters: `64x3x7x7;64`. */
  readonly shapes: readonly string[];
  /** Kind, shapes, then how many nodes back each child stands. */
  readonly nodes: readonly (readonly number[])[];
  /** Names of modules and parameters that start out frozen. */
  readonly frozen: readonly (readonly string[])[];
  readonly models: Readonly<
    Record<
      string,
      readonly [
        package_: string,
        defaultClasses: number | null,
        classSizes: readonly (readonly [string, number, number, number])[],
        variants: Readonly<Record<string, readonly [node: number, frozen?: number]>>,
      ]
    >
  >;
}

const file = recorded as unknown as RecordedFile;

const modeEffects: readonly ModeEffect[] = ['none', 'random', 'running-statistics', 'output'];

/** One way a factory may build its model. */
export interface ModelVariant {
  readonly node: number;
  /** Dotted names of the modules and parameters that start out frozen. */
  readonly frozen: readonly string[];
}

export interface ModelVariants {
  readonly plain: ModelVariant;
  readonly weights?: ModelVariant;
  readonly backbone?: ModelVariant;
  readonly [condition: string]: ModelVariant | undefined;
}

export interface RecordedModel {
  readonly package: string;
  readonly defaultClasses: number | null;
  /** The sizes that follow num_classes: `factor * num_classes + offset`. */
  readonly classSizes: readonly {
    readonly parameter: string;
    readonly dimension: number;
    readonly factor: number;
    readonly offset: number;
  }[];
  /** By what the call asks for: plain, weights, backbone, aux, no-aux, layers=3; equals of `plain` are left out. */
  readonly variants: ModelVariants;
}

/** One dimension that differs from the recorded one; null if it is not known. */
export interface ChangedSize {
  /** The dotted name of the parameter. */
  readonly parameter: string;
  readonly dimension: number;
  readonly size: Dimension;
}

/** What is recorded of a factory, or null. */
export function recordedModel(name: string): RecordedModel | null {
  if (!Object.hasOwn(file.models, name)) return null;
  const [packageName, defaultClasses, classSizes, variants] = file.models[name]!;
  return {
    package: packageName,
    defaultClasses,
    classSizes: classSizes.map(([parameter, dimension, factor, offset]) => ({
      parameter,
      dimension,
      factor,
      offset,
    })),
    variants: Object.fromEntries(
      Object.entries(variants).map(([condition, [node, frozen]]) => [
        condition,
        { node, frozen: frozen === undefined ? [] : file.frozen[frozen]! },
      ]),
    ) as unknown as ModelVariants,
  };
}

/** The tree of a variant; children are worked out when they are first looked at. */
export function variantTree(variant: ModelVariant, changed: readonly ChangedSize[]): ModuleTree {
  return new RecordedTree(variant.node, '', false, variant.frozen, changed);
}

class RecordedTree implements ModuleTree {
  readonly className: string;
  readonly qualifiedName: string;
  readonly parameters: readonly ParameterFact[];
  readonly buffers: readonly string[];
  readonly complete = true;
  readonly modeEffect: ModeEffect;
  readonly #childNames: string;
  readonly #node: number;
  readonly #prefix: string;
  readonly #frozen: boolean;
  readonly #frozenNames: readonly string[];
  readonly #changed: readonly ChangedSize[];
  #children: readonly ChildFact[] | null = null;

  constructor(
    node: number,
    prefix: string,
    frozen: boolean,
    frozenNames: readonly string[],
    changed: readonly ChangedSize[],
  ) {
    const [kind, shapes] = file.nodes[node]!;
    const [classNumber, mode = 0, names = '', buffers = '', childNames = ''] = file.kinds[kind!]!;
    const qualifiedName = file.classes[classNumber]![0];
    this.className = qualifiedName.slice(qualifiedName.lastIndexOf('.') + 1);
    this.qualifiedName = canonicalName(qualifiedName);
    this.buffers = buffers === '' ? [] : buffers.split(',');
    this.modeEffect = modeEffects[mode]!;
    this.#childNames = childNames;
    this.#node = node;
    this.#prefix = prefix;
    this.#frozen = frozen;
    this.#frozenNames = frozenNames;
    this.#changed = changed;
    const allShapes = file.shapes[shapes!]!.split(';');
    this.parameters =
      names === '' ? [] : names.split(',').map((name, i) => this.#parameter(name, allShapes[i]!));
  }

  get children(): readonly ChildFact[] {
    this.#children ??= this.#expand();
    return this.#children;
  }

  #parameter(name: string, recordedShape: string): ParameterFact {
    const shape: Dimension[] = recordedShape === '' ? [] : recordedShape.split('x').map(Number);
    const path = this.#prefix + name;
    for (const change of this.#changed) {
      if (change.parameter === path) shape[change.dimension] = change.size;
    }
    const frozen = this.#frozen || this.#frozenNames.includes(path);
    return { name, shape, presence: 'certain', ...(frozen ? { startsFrozen: 'certain' } : {}) };
  }

  #expand(): ChildFact[] {
    const [, , ...distances] = file.nodes[this.#node]!;
    const names = this.#childNames === '*' ? distances.map((_, i) => String(i)) : this.#childNames.split(',');
    return distances.map((distance, i) => {
      const path = this.#prefix + names[i]!;
      const frozen = this.#frozen || this.#frozenNames.includes(path);
      // Most subtrees are neither frozen nor resized; those need no search any more.
      const below = (name: string) => name.startsWith(`${path}.`);
      const frozenNames = frozen ? [] : this.#frozenNames.filter(below);
      const changed = this.#changed.filter((change) => below(change.parameter));
      const tree = new RecordedTree(this.#node - distance, `${path}.`, frozen, frozenNames, changed);
      return { name: names[i]!, tree, presence: 'certain' };
    });
  }
}

/** Canonical names of the ancestors of every class that occurs in a recorded model, nearest first. */
export const recordedAncestors: ReadonlyMap<string, readonly string[]> = new Map(
  file.classes
    .filter((entry) => entry.length > 1)
    .map(([name, ...ancestors]) => [
      canonicalName(name),
      ancestors.map((number) => canonicalName(file.classes[number]![0])),
    ]),
);
