import { type ArgumentValue, type CallArguments, truthOf } from './arguments.ts';
import type { ChildFact, ModuleTree, ParameterFact } from './module-tree.ts';
import { canonicalName } from './names.ts';
import {
  type ChangedSize,
  type ModelVariant,
  type ModelVariants,
  recordedModel,
  variantTree,
} from './torchvision-data.ts';

/** A model factory of torchvision. */
export interface Architecture {
  /** The factory's short name, such as `resnet18`. */
  readonly name: string;
  /** Such as `torchvision.models.detection.fasterrcnn_resnet50_fpn`. */
  readonly qualifiedName: string;
  /** `num_classes` where it is not given; null for models without classes. */
  readonly defaultClasses: number | null;
  /**
   * Names of the children that forward() may use: all that the constructor registers. A module assigned to
   * another attribute is never called.
   */
  readonly usedByForward: readonly string[];
}

/** An architecture and the module tree of one call of it. */
export interface BuiltModel {
  readonly architecture: Architecture;
  readonly tree: ModuleTree;
}

const cache = new Map<string, Architecture>();

/** The torchvision model of a factory's short or qualified name in any import path, or null. */
export function findArchitecture(factoryName: string): Architecture | null {
  const canonical = canonicalName(factoryName);
  const name = canonical.slice(canonical.lastIndexOf('.') + 1);
  const recorded = recordedModel(name);
  if (recorded === null) return null;
  const qualifiedName = `${recorded.package}.${name}`;
  if (canonical !== name && canonical !== qualifiedName) return null;
  const known = cache.get(name);
  if (known !== undefined) return known;
  const used = Object.values(recorded.variants).flatMap((variant) =>
    variant === undefined ? [] : variantTree(variant, []).children.map((child) => child.name),
  );
  const architecture: Architecture = {
    name,
    qualifiedName,
    defaultClasses: recorded.defaultClasses,
    usedByForward: [...new Set(used)],
  };
  cache.set(name, architecture);
  return architecture;
}

/**
 * The torchvision model a call builds: a factory in any spelling (`torchvision.models.resnet18`,
 * `torchvision.models.resnet.resnet18`), `torchvision.models.get_model('resnet18')`, or
 * `torch.hub.load('pytorch/vision', 'resnet18')`. Null for any other call, and where an argument may change the
 * architecture in a way that was not recorded.
 *
 * Pass `weights=ResNet18_Weights.DEFAULT` as a string (its qualified name), `weights=None` as null and what is not
 * known as UNKNOWN; the three make a difference for GoogLeNet, segmentation and detection models. Where an unknown
 * argument decides, parameters and children that may be absent are marked `maybe`.
 */
export function buildModel(qualifiedCallee: string, call: CallArguments): BuiltModel | null {
  const target = architectureOfCall(qualifiedCallee, call);
  if (target === null) return null;
  const tree = instantiate(target.architecture, target.call);
  return tree === null ? null : { architecture: target.architecture, tree };
}

/** The architecture a call names and the arguments meant for its factory (see buildModel), or null. */
export function architectureOfCall(
  qualifiedCallee: string,
  call: CallArguments,
): { readonly architecture: Architecture; readonly call: CallArguments } | null {
  const callee = canonicalName(qualifiedCallee);
  if (callee === 'torchvision.models.get_model') {
    return named(call.positional[0] ?? call.keywords.get('name'), call, 1, ['name']);
  }
  if (callee === 'torch.hub.load') {
    const repository = call.positional[0] ?? call.keywords.get('repo_or_dir');
    if (typeof repository !== 'string' || !/^pytorch\/vision(:|$)/.test(repository)) return null;
    return named(call.positional[1] ?? call.keywords.get('model'), call, 2, hubArguments);
  }
  if (!callee.startsWith('torchvision.models.')) return null;
  const architecture = findArchitecture(callee);
  return architecture === null ? null : { architecture, call };
}

const hubArguments = [
  'repo_or_dir',
  'model',
  'source',
  'trust_repo',
  'force_reload',
  'verbose',
  'skip_validation',
];

function named(name: ArgumentValue | undefined, call: CallArguments, taken: number, own: readonly string[]) {
  // get_model() and the hub take short names only.
  const architecture = typeof name === 'string' && !name.includes('.') ? findArchitecture(name) : null;
  if (architecture === null) return null;
  const keywords = new Map([...call.keywords].filter(([keyword]) => !own.includes(keyword)));
  return { architecture, call: { ...call, positional: call.positional.slice(taken), keywords } };
}

/** Before torchvision 0.13 these could be given by position. */
const legacyPositions: Readonly<Record<string, readonly string[]>> = {
  'torchvision.models': ['pretrained', 'progress'],
  'torchvision.models.segmentation': ['pretrained', 'progress', 'num_classes', 'aux_loss'],
  'torchvision.models.detection': [
    'pretrained',
    'progress',
    'num_classes',
    'pretrained_backbone',
    'trainable_backbone_layers',
  ],
  'torchvision.models.video': ['pretrained', 'progress'],
};

/** Arguments that choose among the recorded variants, and those that change neither modules nor parameters. */
const knownArguments =
  /^(?:weights|weights_backbone|pretrained|pretrained_backbone|progress|num_classes|aux_logits|aux_loss|trainable_backbone_layers|transform_input|init_weights|zero_init_residual|replace_stride_with_dilation|dropout|attention_dropout|stochastic_depth_prob|drop_rate|memory_efficient|min_size|max_size|image_mean|image_std|score_thresh|nms_thresh|detections_per_img|topk_candidates|fg_iou_thresh|bg_iou_thresh|iou_thresh|positive_fraction|box_(?:score|nms|detections|fg|bg|batch|positive)\w*|rpn_(?:pre|post|nms|fg|bg|batch|positive|score)\w*)$/;

/** The module tree of one call of an architecture's factory (see buildModel), or null where it is not known. */
export function instantiate(architecture: Architecture, call: CallArguments): ModuleTree | null {
  const recorded = recordedModel(architecture.name)!;
  const positions = legacyPositions[recorded.package] ?? [];
  if (call.open === true || call.positional.length > positions.length) return null;
  const given = new Map(call.keywords);
  call.positional.forEach((value, index) => void given.set(positions[index]!, value));
  for (const name of given.keys()) if (!knownArguments.test(name)) return null;

  const sizes = [
    ...(given.has('num_classes') ? sizesFor(recorded.classSizes, given.get('num_classes')!) : []),
    ...imageSizes(architecture.name, given.get('weights') ?? null),
  ];
  const trees = variantsOf(recorded.package, recorded.variants, given).map((variant) =>
    variantTree(variant, sizes),
  );
  return trees.slice(1).reduce<ModuleTree>(merge, trees[0]!);
}

function sizesFor(
  classSizes: readonly { parameter: string; dimension: number; factor: number; offset: number }[],
  classes: ArgumentValue,
): ChangedSize[] {
  const count = typeof classes === 'number' ? classes : null;
  return classSizes.map(({ parameter, dimension, factor, offset }) => ({
    parameter,
    dimension,
    size: count === null ? null : factor * count + offset,
  }));
}

/**
 * Vision transformers learn one position per image patch, and some of their weights are for larger images
 * (`IMAGENET1K_SWAG_E2E_V1`). Only those known to be for the usual 224 pixels leave the size known.
 */
function imageSizes(name: string, weights: ArgumentValue): ChangedSize[] {
  if (!name.startsWith('vit_') || weights === null) return [];
  const usual = typeof weights === 'string' && /(?:IMAGENET1K_V1|SWAG_LINEAR_V1)$/.test(weights);
  return usual ? [] : [{ parameter: 'encoder.pos_embedding', dimension: 1, size: null }];
}

type Given = ReadonlyMap<string, ArgumentValue>;
type Variants = ModelVariants;

/** The recorded variants a call may build: one where its arguments are known. */
function variantsOf(packageName: string, variants: Variants, given: Given): ModelVariant[] {
  if (packageName.endsWith('.detection')) return detectionVariants(variants, given);
  return [...new Set(auxiliaryVariants(variants, given).map((name) => variants[name] ?? variants.plain))];
}

/** True, false, or null where unknown; undefined where the argument is not given. */
function truth(given: Given, ...names: readonly string[]): boolean | null | undefined {
  const values = names.flatMap((name) => (given.has(name) ? [truthOf(given.get(name)!)] : []));
  if (values.length === 0) return undefined;
  return values.includes(true) ? true : values.includes(null) ? null : false;
}

/** GoogLeNet, Inception and segmentation models, whose auxiliary heads hang on weights and flags. */
function auxiliaryVariants(variants: Variants, given: Given): string[] {
  const asked = given.get('aux_loss') === null ? undefined : truth(given, 'aux_logits', 'aux_loss');
  const segmentation = 'aux' in variants;
  const [without, withAuxiliary] = segmentation ? ['plain', 'aux'] : ['no-aux', 'plain'];
  if (!segmentation && !('no-aux' in variants)) return ['plain'];
  if (asked === true) return [withAuxiliary];
  if (asked === false) return [without];
  if (asked === null) return [without, withAuxiliary];
  const trained = truth(given, 'weights', 'pretrained');
  if (trained === null) return ['plain', 'weights'];
  return [trained === true ? 'weights' : 'plain'];
}

/** Detection models: any pretrained weights bring frozen layers, and in the first generation frozen batch norms. */
function detectionVariants(variants: Variants, given: Given): ModelVariant[] {
  const weights = truth(given, 'weights', 'pretrained');
  const backbone = truth(given, 'weights_backbone', 'pretrained_backbone');
  // Not given: no weights, but those of the backbone where the factory has a default.
  const mayHave = (answer: boolean | null | undefined, byDefault: boolean) =>
    answer === undefined ? [byDefault] : answer === null ? [true, false] : [answer];
  const found: ModelVariant[] = [];
  for (const hasWeights of mayHave(weights, false)) {
    // Weights of the whole model make those of the backbone pointless: torchvision drops them.
    for (const hasBackbone of hasWeights ? [false] : mayHave(backbone, variants.backbone !== undefined)) {
      if (!hasWeights && !hasBackbone) found.push(variants.plain);
      else {
        const pretrained =
          (hasBackbone ? variants.backbone : undefined) ?? variants.weights ?? variants.plain;
        found.push(...frozenByLayers(variants, pretrained, given.get('trainable_backbone_layers') ?? null));
      }
    }
  }
  return found;
}

/** A pretrained variant with the frozen parts that `trainable_backbone_layers` asks for. */
function frozenByLayers(variants: Variants, pretrained: ModelVariant, layers: ArgumentValue): ModelVariant[] {
  if (layers === null) return [pretrained];
  const withFrozen = (name: string) => ({ ...pretrained, frozen: variants[name]?.frozen ?? [] });
  if (typeof layers === 'number') return [withFrozen(`layers=${layers}`)];
  const choices = Object.keys(variants).filter((name) => name.startsWith('layers='));
  return [...choices.map(withFrozen), { ...pretrained, frozen: [] }];
}

/** What two trees have in common as certain, what only one has as doubtful. */
function merge(left: ModuleTree, right: ModuleTree): ModuleTree {
  const sameClass = left.qualifiedName === right.qualifiedName;
  const children = union(
    left.children,
    right.children,
    (one, other): ChildFact => ({
      ...one,
      tree: merge(one.tree, other.tree),
    }),
  );
  const parameters = union(left.parameters, right.parameters, mergeParameter);
  return {
    className: left.className,
    qualifiedName: left.qualifiedName,
    parameters,
    buffers: left.buffers.filter((name) => right.buffers.includes(name)),
    children,
    complete: sameClass && left.complete && right.complete,
    modeEffect: left.modeEffect === right.modeEffect ? left.modeEffect : 'unknown',
  };
}

function mergeParameter(one: ParameterFact, other: ParameterFact): ParameterFact {
  const { startsFrozen: _, ...rest } = one;
  if (one.startsFrozen === other.startsFrozen) return one;
  return { ...rest, startsFrozen: 'maybe' };
}

function union<T extends { readonly name: string; readonly presence: 'certain' | 'maybe' }>(
  left: readonly T[],
  right: readonly T[],
  both: (one: T, other: T) => T,
): T[] {
  const others = new Map(right.map((item) => [item.name, item]));
  const merged = left.map((item) => {
    const other = others.get(item.name);
    others.delete(item.name);
    return other === undefined ? { ...item, presence: 'maybe' as const } : both(item, other);
  });
  return [...merged, ...[...others.values()].map((item) => ({ ...item, presence: 'maybe' as const }))];
}
