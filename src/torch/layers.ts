import {
  type ArgumentValue,
  BoundArguments,
  type CallArguments,
  isModule,
  type SignatureArgument,
} from './arguments.ts';
import { layerRules } from './layer-rules.ts';
import recorded from './layers.json' with { type: 'json' };
import type { ModuleTree } from './module-tree.ts';
import { canonicalName } from './names.ts';

/** How a container holds what it is given; null for a layer that is no container. */
export type ContainerKind =
  | 'Sequential'
  | 'ModuleList'
  | 'ModuleDict'
  | 'ParameterList'
  | 'ParameterDict'
  | 'Module';

/** A class of torch.nn that derives from nn.Module. */
export interface LayerClass {
  /** The short name, such as `Conv2d`. */
  readonly name: string;
  /** The public path, such as `torch.nn.Conv2d`. */
  readonly qualifiedName: string;
  /** Canonical names of the classes it inherits from, nearest first, ending in `torch.nn.Module`. */
  readonly ancestors: readonly string[];
  /** The constructor's arguments in order. */
  readonly signature: readonly SignatureArgument[];
  readonly container: ContainerKind | null;
  /** True if `train()` and `eval()` can make a difference to the class itself (see ModeEffect). */
  readonly modeSensitive: boolean;
}

interface RecordedClass {
  readonly module: string;
  readonly ancestors: readonly string[];
  readonly arguments: readonly SignatureArgument[];
  readonly readsTraining: boolean;
}

const recurrentArguments: readonly SignatureArgument[] = [
  ['input_size'],
  ['hidden_size'],
  ['num_layers', 1],
  ['bias', true],
  ['batch_first', false],
  ['dropout', 0],
  ['bidirectional', false],
  ['proj_size', 0],
  ['device', null],
  ['dtype', null],
];

/** `bias` joined the norm and Transformer layers in PyTorch 2.1, before `device`. */
const withBias = (name: string): readonly SignatureArgument[] =>
  classes[name]!.arguments.flatMap((argument): SignatureArgument[] =>
    argument[0] === 'device' ? [['bias', true], argument] : [argument],
  );

const classes = recorded as unknown as Readonly<Record<string, RecordedClass>>;

/**
 * Signatures the recording cannot show: recurrent layers pass `*args` on to RNNBase, and newer
 * versions of PyTorch added arguments (documentation of torch.nn, 2.9).
 */
const signatures: ReadonlyMap<string, readonly SignatureArgument[]> = new Map([
  ['LSTM', recurrentArguments],
  ['GRU', recurrentArguments],
  ['RNN', recurrentArguments],
  ...['LayerNorm', 'TransformerEncoderLayer', 'TransformerDecoderLayer', 'Transformer'].map(
    (name): [string, readonly SignatureArgument[]] => [name, withBias(name)],
  ),
]);

const plainModule = ['torch.nn.Module'];

/** Classes newer than the recorded PyTorch, from the documentation of torch.nn (2.9). */
const newerClasses: readonly LayerClass[] = [
  // Since 2.4.
  newer('RMSNorm', [
    ['normalized_shape'],
    ['eps', null],
    ['elementwise_affine', true],
    ['device', null],
    ['dtype', null],
  ]),
  newer('LPPool3d', [['norm_type'], ['kernel_size'], ['stride', null], ['ceil_mode', false]]),
  // Since 2.1.
  ...['CircularPad1d', 'CircularPad2d', 'CircularPad3d', 'ZeroPad1d', 'ZeroPad3d'].map((name) =>
    newer(name, [['padding']]),
  ),
];

function newer(name: string, signature: readonly SignatureArgument[]): LayerClass {
  const qualifiedName = `torch.nn.${name}`;
  return { name, qualifiedName, ancestors: plainModule, signature, container: null, modeSensitive: false };
}

const containerKinds: ReadonlySet<string> = new Set<ContainerKind>([
  'Sequential',
  'ModuleList',
  'ModuleDict',
  'ParameterList',
  'ParameterDict',
  'Module',
]);

const layers: ReadonlyMap<string, LayerClass> = new Map([
  ...Object.entries(classes).map(([name, entry]): [string, LayerClass] => [
    name,
    {
      name,
      qualifiedName: `torch.nn.${name}`,
      ancestors: entry.ancestors.map(canonicalName),
      signature: signatures.get(name) ?? entry.arguments,
      container: containerKinds.has(name) ? (name as ContainerKind) : null,
      // Encoder layers look at the flag only to choose a fast path with the same result.
      modeSensitive: entry.readsTraining && name !== 'TransformerEncoderLayer',
    },
  ]),
  ...newerClasses.map((layer): [string, LayerClass] => [layer.name, layer]),
]);

/**
 * The torch.nn class of a qualified name, in its public or its defining spelling
 * (`torch.nn.Linear`, `torch.nn.modules.linear.Linear`), or null for anything else.
 */
export function findLayer(qualifiedName: string): LayerClass | null {
  const canonical = canonicalName(qualifiedName);
  return canonical.startsWith('torch.nn.') ? (layers.get(canonical.slice('torch.nn.'.length)) ?? null) : null;
}

/** Layers with a rule of their own that still register no parameter themselves, whatever their arguments. */
const WITHOUT_PARAMETERS = /^(?:(?:Alpha|FeatureAlpha)?Dropout(?:\dd)?|RReLU|ModuleList|ModuleDict)$/;

/** Whether instances of a torch.nn class have no `weight` and no `bias`, not even None (sources of torch.nn 1.13). */
export function ownsNoWeight(qualifiedName: string): boolean {
  const layer = findLayer(qualifiedName);
  if (layer === null) return false;
  // The parameters of attention have names of their own: `in_proj_weight`.
  return (
    layer.name === 'MultiheadAttention' || !layerRules.has(layer.name) || WITHOUT_PARAMETERS.test(layer.name)
  );
}

/** Layers that register `bias` in any case, as None where they have none. */
const WITH_BIAS = /^(?:Linear|Bilinear|Conv(?:Transpose)?\dd)$/;
/** Layers that do so with `weight`, too. */
const NORMS = /^(?:(?:Batch|Instance)Norm\dd|SyncBatchNorm|LayerNorm|GroupNorm)$/;

/** Whether an attribute of a torch.nn class is None where the layer has no such parameter (sources of torch.nn 1.13). */
export function isNoneWithoutParameter(qualifiedName: string, attribute: string): boolean {
  const name = findLayer(qualifiedName)?.name ?? '';
  return (
    (attribute === 'bias' && WITH_BIAS.test(name)) ||
    (/^(?:weight|bias)$/.test(attribute) && NORMS.test(name))
  );
}

/**
 * What the constructor call `qualifiedName(...)` owns, or null if the class is not one of torch.nn.
 *
 * A parameter or child whose existence hangs on an unknown argument is marked `maybe`; where not even its
 * name can be told (`num_layers` unknown, modules in a list that is unknown) the owner has
 * `complete: false`. Shapes have null for dimensions that hang on unknown arguments.
 */
export function buildLayer(qualifiedName: string, call: CallArguments): ModuleTree | null {
  const layer = findLayer(qualifiedName);
  return layer === null ? null : build(layer, call);
}

function build(layer: LayerClass, call: CallArguments): ModuleTree {
  const base = { className: layer.name, qualifiedName: layer.qualifiedName, buffers: [], parameters: [] };
  if (layer.name === 'Sequential') {
    const known = call.positional.every(isModule) && call.keywords.size === 0 && call.open !== true;
    const modules = known ? (call.positional as readonly ModuleTree[]) : [];
    const children = modules.map((tree, index) => ({
      name: String(index),
      tree,
      presence: 'certain' as const,
    }));
    return { ...base, children, complete: known, modeEffect: 'none' };
  }
  const rule = layerRules.get(layer.name);
  const args = new BoundArguments(layer.signature, layer.name === 'RNN' ? withoutNonlinearity(call) : call);
  const buildByName = (name: string, ...positional: ArgumentValue[]) =>
    build(layers.get(name)!, { positional, keywords: new Map() });
  return {
    ...base,
    children: [],
    complete: true,
    modeEffect: 'none',
    ...rule?.(args, buildByName, layer.name),
  };
}

/**
 * `nn.RNN` alone takes `nonlinearity` as its fourth positional argument, since PyTorch 2.1; before, that
 * place was `bias`. A string there can only be the former.
 */
function withoutNonlinearity(call: CallArguments): CallArguments {
  if (typeof call.positional[3] !== 'string') return call;
  return { ...call, positional: [...call.positional.slice(0, 3), ...call.positional.slice(4)] };
}

/**
 * The integer behind an attribute of a layer such as `in_features` or `num_features`, read back from the shape of one of
 * its parameters, or null where the class has no such attribute or the size is unknown.
 */
export function sizeAttribute(
  className: string,
  attribute: string,
  shapeOf: (parameter: string) => readonly (number | null)[] | null | undefined,
): number | null {
  const place = sizeAttributes.find(([pattern, name]) => name === attribute && pattern.test(className));
  return place ? (shapeOf(place[2])?.[place[3]] ?? null) : null;
}

const sizeAttributes: readonly (readonly [RegExp, string, string, number])[] = [
  [/^(NonDynamicallyQuantizable)?Linear$/, 'out_features', 'weight', 0],
  [/^(NonDynamicallyQuantizable)?Linear$/, 'in_features', 'weight', 1],
  [/^Conv\dd$/, 'out_channels', 'weight', 0],
  [/^ConvTranspose\dd$/, 'in_channels', 'weight', 0],
  [/^(BatchNorm|InstanceNorm)\dd$|^SyncBatchNorm$/, 'num_features', 'weight', 0],
  [/^GroupNorm$/, 'num_channels', 'weight', 0],
  [/^Embedding(Bag)?$/, 'num_embeddings', 'weight', 0],
  [/^Embedding(Bag)?$/, 'embedding_dim', 'weight', 1],
];

/**
 * A class method of a layer that builds an instance, with the argument that decides whether its
 * parameters start out frozen; null for other methods. `Embedding.from_pretrained` freezes by default.
 */
export function findFactoryMethod(qualifiedName: string): FactoryMethod | null {
  return factoryMethods.get(canonicalName(qualifiedName)) ?? null;
}

export interface FactoryMethod {
  /** The class built. */
  readonly builds: string;
  readonly signature: readonly SignatureArgument[];
  /** The argument that, when true, sets `requires_grad` to False on the new parameters. */
  readonly freezeArgument: string;
}

const fromPretrained = (builds: string): [string, FactoryMethod] => [
  `${builds}.from_pretrained`,
  { builds, freezeArgument: 'freeze', signature: [['embeddings'], ['freeze', true]] },
];

const factoryMethods: ReadonlyMap<string, FactoryMethod> = new Map([
  fromPretrained('torch.nn.Embedding'),
  fromPretrained('torch.nn.EmbeddingBag'),
]);
