import { type ArgumentValue, type BoundArguments, isModule, truthOf, UNKNOWN } from './arguments.ts';
import type { ChildFact, Dimension, ModeEffect, ModuleTree, ParameterFact } from './module-tree.ts';

/** What a rule says about one constructor call; what it leaves out is empty, complete and `none`. */
export interface Ownership {
  readonly parameters?: readonly ParameterFact[];
  readonly buffers?: readonly string[];
  readonly children?: readonly ChildFact[];
  readonly complete?: boolean;
  readonly modeEffect?: ModeEffect;
}

/** Builds a torch.nn layer by its short name; the way in which one rule uses another. */
export type Build = (name: string, ...positional: ArgumentValue[]) => ModuleTree;

type Rule = (args: BoundArguments, build: Build, name: string) => Ownership;

// ------------------------------------------------------------------ small parts

function parameter(name: string, shape: readonly Dimension[] | null): ParameterFact {
  return { name, shape, presence: 'certain' };
}

/** The parameters if the deciding argument is true, none if it is false, doubtful ones if it is unknown. */
function when(decider: boolean | null, ...parameters: ParameterFact[]): ParameterFact[] {
  if (decider === false) return [];
  return decider ? parameters : parameters.map((p) => ({ ...p, presence: 'maybe' }));
}

function child(name: string, tree: ModuleTree): ChildFact {
  return { name, tree, presence: 'certain' };
}

function times(...factors: Dimension[]): Dimension {
  return factors.reduce<Dimension>(
    (left, right) => (left === null || right === null ? null : left * right),
    1,
  );
}

function quotient(whole: Dimension, part: Dimension): Dimension {
  return whole === null || part === null || part === 0 ? null : Math.floor(whole / part);
}

function argument(dimension: Dimension): ArgumentValue {
  return dimension === null ? UNKNOWN : dimension;
}

/** `kernel_size` as one size per spatial dimension: a number counts for all of them. */
function kernel(value: ArgumentValue, dimensions: number): Dimension[] {
  const sizes = Array.isArray(value) ? value : Array.from({ length: dimensions }, () => value);
  return Array.from({ length: dimensions }, (_, index) => {
    const size = sizes[index];
    return typeof size === 'number' ? size : null;
  });
}

/** `normalized_shape` as a shape; an unknown one has an unknown rank. */
function normalizedShape(value: ArgumentValue): Dimension[] | null {
  if (typeof value === 'number') return [value];
  if (!Array.isArray(value)) return null;
  return value.map((size) => (typeof size === 'number' ? size : null));
}

function spatialDimensions(className: string): number {
  return Number(/(\d)d$/.exec(className)?.[1] ?? 0);
}

// ------------------------------------------------------------------------ rules

const linear: Rule = (args) => {
  const outputs = args.integer('out_features');
  return {
    parameters: [
      parameter('weight', [outputs, args.integer('in_features')]),
      ...when(args.truth('bias'), parameter('bias', [outputs])),
    ],
  };
};

const lazyWeightAndBias: Rule = (args) => ({
  parameters: [parameter('weight', null), ...when(args.truth('bias'), parameter('bias', null))],
});

const bilinear: Rule = (args) => {
  const outputs = args.integer('out_features');
  return {
    parameters: [
      parameter('weight', [outputs, args.integer('in1_features'), args.integer('in2_features')]),
      ...when(args.truth('bias'), parameter('bias', [outputs])),
    ],
  };
};

const convolution: Rule = (args, _build, name) => {
  const inputs = args.integer('in_channels');
  const outputs = args.integer('out_channels');
  const groups = args.integer('groups');
  const sizes = kernel(args.value('kernel_size'), spatialDimensions(name));
  const channels = name.startsWith('ConvTranspose')
    ? [inputs, quotient(outputs, groups)]
    : [outputs, quotient(inputs, groups)];
  return {
    parameters: [
      parameter('weight', [...channels, ...sizes]),
      ...when(args.truth('bias'), parameter('bias', [outputs])),
    ],
  };
};

const STATISTICS = ['running_mean', 'running_var', 'num_batches_tracked'];

/** BatchNorm, SyncBatchNorm and InstanceNorm, and their lazy forms, which do not know their size yet. */
const statisticsNorm: Rule = (args, _build, name) => {
  const shape = name.startsWith('Lazy') ? null : [args.integer('num_features')];
  const tracks = args.truth('track_running_stats');
  return {
    parameters: when(args.truth('affine'), parameter('weight', shape), parameter('bias', shape)),
    buffers: tracks === true ? STATISTICS : [],
    modeEffect: tracks === null ? 'unknown' : tracks ? 'running-statistics' : 'none',
  };
};

const layerNorm: Rule = (args) => {
  const shape = normalizedShape(args.value('normalized_shape'));
  const affine = args.truth('elementwise_affine');
  const bias = args.truth('bias');
  const hasBias = affine === false || bias === false ? false : affine === null || bias === null ? null : true;
  return {
    parameters: [...when(affine, parameter('weight', shape)), ...when(hasBias, parameter('bias', shape))],
  };
};

const rmsNorm: Rule = (args) => ({
  parameters: when(
    args.truth('elementwise_affine'),
    parameter('weight', normalizedShape(args.value('normalized_shape'))),
  ),
});

const groupNorm: Rule = (args) => {
  const shape = [args.integer('num_channels')];
  return { parameters: when(args.truth('affine'), parameter('weight', shape), parameter('bias', shape)) };
};

const embedding: Rule = (args) => ({
  parameters: [parameter('weight', [args.integer('num_embeddings'), args.integer('embedding_dim')])],
});

const prelu: Rule = (args) => ({ parameters: [parameter('weight', [args.integer('num_parameters')])] });

const GATES: Readonly<Record<string, number>> = { LSTM: 4, GRU: 3, RNN: 1, RNN_TANH: 1, RNN_RELU: 1 };

const recurrent: Rule = (args, _build, name) => {
  const mode = name === 'RNNBase' ? args.value('mode') : name;
  const gates = typeof mode === 'string' ? (GATES[mode] ?? null) : null;
  const hidden = args.integer('hidden_size');
  const layers = args.integer('num_layers');
  const bias = args.truth('bias');
  const bidirectional = args.truth('bidirectional');
  const projection = args.value('proj_size');
  const projects = truthOf(projection);
  const projected = typeof projection === 'number' ? projection : null;
  const outputs = projects === null ? null : projects ? projected : hidden;
  const rows = times(gates, hidden);
  const parameters: ParameterFact[] = [];
  // With unknown `num_layers` only the first layer is certain to exist.
  for (let layer = 0; layer < (layers ?? 1); layer++) {
    const inputs =
      layer === 0
        ? args.integer('input_size')
        : times(outputs, bidirectional === null ? null : bidirectional ? 2 : 1);
    for (const suffix of bidirectional === false ? [''] : ['', '_reverse']) {
      const exists = suffix === '' ? true : bidirectional;
      const both = (decider: boolean | null) =>
        exists === true ? decider : decider === false ? false : null;
      parameters.push(
        ...when(exists, parameter(`weight_ih_l${layer}${suffix}`, [rows, inputs])),
        ...when(exists, parameter(`weight_hh_l${layer}${suffix}`, [rows, outputs])),
        ...when(both(bias), parameter(`bias_ih_l${layer}${suffix}`, [rows])),
        ...when(both(bias), parameter(`bias_hh_l${layer}${suffix}`, [rows])),
        ...when(both(projects), parameter(`weight_hr_l${layer}${suffix}`, [projected, hidden])),
      );
    }
  }
  const dropout = args.truth('dropout');
  return {
    parameters,
    complete: layers !== null,
    modeEffect: dropout === null ? 'unknown' : dropout && layers !== 1 ? 'random' : 'none',
  };
};

const recurrentCell: Rule = (args, _build, name) => {
  const hidden = args.integer('hidden_size');
  const chunks =
    name === 'RNNCellBase' ? args.integer('num_chunks') : (GATES[name.replace('Cell', '')] ?? null);
  const rows = times(chunks, hidden);
  return {
    parameters: [
      parameter('weight_ih', [rows, args.integer('input_size')]),
      parameter('weight_hh', [rows, hidden]),
      ...when(args.truth('bias'), parameter('bias_ih', [rows]), parameter('bias_hh', [rows])),
    ],
  };
};

const attention: Rule = (args, build) => {
  const size = args.integer('embed_dim');
  const keySize = args.value('kdim') === null ? size : args.integer('kdim');
  const valueSize = args.value('vdim') === null ? size : args.integer('vdim');
  const given = args.value('kdim') !== null || args.value('vdim') !== null;
  const sizesKnown = size !== null && keySize !== null && valueSize !== null;
  const separate = !given ? false : sizesKnown ? keySize !== size || valueSize !== size : null;
  const joint = separate === null ? null : !separate;
  const dropout = args.truth('dropout');
  return {
    // The order of registration in MultiheadAttention.__init__, which parameters() follows.
    parameters: [
      ...when(
        separate,
        parameter('q_proj_weight', [size, size]),
        parameter('k_proj_weight', [size, keySize]),
        parameter('v_proj_weight', [size, valueSize]),
      ),
      ...when(joint, parameter('in_proj_weight', [times(3, size), size])),
      ...when(args.truth('bias'), parameter('in_proj_bias', [times(3, size)])),
      ...when(
        args.truth('add_bias_kv'),
        parameter('bias_k', [1, 1, size]),
        parameter('bias_v', [1, 1, size]),
      ),
    ],
    children: [
      child('out_proj', {
        ...build('Linear', argument(size), argument(size), args.value('bias')),
        className: 'NonDynamicallyQuantizableLinear',
        qualifiedName: 'torch.nn.modules.linear.NonDynamicallyQuantizableLinear',
      }),
    ],
    modeEffect: dropout === null ? 'unknown' : dropout ? 'random' : 'none',
  };
};

/** An `activation` argument is registered as a child where it is a module, and only then. */
function activationChild(value: ArgumentValue): { children: ChildFact[]; complete: boolean } {
  if (isModule(value)) return { children: [child('activation', value)], complete: true };
  return { children: [], complete: value !== UNKNOWN };
}

/** TransformerEncoderLayer and TransformerDecoderLayer. */
const transformerLayer: Rule = (args, build, name) => {
  const decoder = name === 'TransformerDecoderLayer';
  const size = args.value('d_model');
  const inner = args.value('dim_feedforward');
  const dropout = args.value('dropout');
  const bias = args.value('bias');
  const attend = () => build('MultiheadAttention', size, args.value('nhead'), dropout, bias);
  const norm = () => build('LayerNorm', size, args.value('layer_norm_eps'), true, bias);
  const drop = () => build('Dropout', dropout);
  const activation = activationChild(args.value('activation'));
  const last = activation.children;
  return {
    children: [
      child('self_attn', attend()),
      ...(decoder ? [child('multihead_attn', attend())] : []),
      child('linear1', build('Linear', size, inner, bias)),
      child('dropout', drop()),
      child('linear2', build('Linear', inner, size, bias)),
      child('norm1', norm()),
      child('norm2', norm()),
      ...(decoder ? [child('norm3', norm())] : []),
      child('dropout1', drop()),
      child('dropout2', drop()),
      ...(decoder ? [child('dropout3', drop())] : []),
      ...last,
    ],
    complete: activation.complete,
  };
};

/** TransformerEncoder and TransformerDecoder: deep copies of one layer, then an optional norm. */
const transformerStack: Rule = (args, build, name) => {
  const layer = args.value(name === 'TransformerEncoder' ? 'encoder_layer' : 'decoder_layer');
  const count = args.integer('num_layers');
  const norm = args.value('norm');
  const known = isModule(layer) && count !== null;
  // Trees of their own: what is no copy stays the very tree that was given.
  const copies = known ? Array.from({ length: count }, () => ({ ...layer })) : [];
  const layers = { ...build('ModuleList', copies), complete: known };
  return {
    children: [child('layers', layers), ...(isModule(norm) ? [child('norm', norm)] : [])],
    complete: norm === null || isModule(norm),
  };
};

const transformer: Rule = (args, build) => {
  const size = args.value('d_model');
  const bias = args.value('bias');
  const eps = args.value('layer_norm_eps');
  const half = (kind: 'Encoder' | 'Decoder'): ChildFact[] => {
    const custom = args.value(`custom_${kind.toLowerCase()}`);
    const name = kind.toLowerCase();
    if (isModule(custom)) return [child(name, custom)];
    if (custom !== null) return [];
    const layer = build(
      `Transformer${kind}Layer`,
      size,
      args.value('nhead'),
      args.value('dim_feedforward'),
      args.value('dropout'),
      args.value('activation'),
      eps,
      args.value('batch_first'),
      args.value('norm_first'),
      bias,
    );
    const norm = build('LayerNorm', size, eps, true, bias);
    return [child(name, build(`Transformer${kind}`, layer, args.value(`num_${name}_layers`), norm))];
  };
  const children = [...half('Encoder'), ...half('Decoder')];
  return { children, complete: children.length === 2 };
};

const adaptiveLogSoftmax: Rule = (args, build) => {
  const inputs = args.integer('in_features');
  const classes = args.integer('n_classes');
  const cutoffs = normalizedShape(args.value('cutoffs'));
  const divisor = args.value('div_value');
  const bias = args.value('head_bias');
  if (cutoffs === null || cutoffs.length === 0) {
    const head = build('Linear', argument(inputs), UNKNOWN, bias);
    return { children: [child('head', head), child('tail', { ...build('ModuleList'), complete: false })] };
  }
  const [first = null] = cutoffs;
  const ends = [...cutoffs.slice(1), classes];
  const tail = cutoffs.map((start, index) => {
    const end = ends[index] ?? null;
    const width =
      inputs === null || typeof divisor !== 'number' ? null : Math.floor(inputs / divisor ** (index + 1));
    const outputs = start === null || end === null ? null : end - start;
    return build(
      'Sequential',
      build('Linear', argument(inputs), argument(width), false),
      build('Linear', argument(width), argument(outputs), false),
    );
  });
  const headSize = first === null ? null : first + cutoffs.length;
  return {
    children: [
      child('head', build('Linear', argument(inputs), argument(headSize), bias)),
      child('tail', build('ModuleList', tail)),
    ],
  };
};

const dropout: Rule = (args) => ({ modeEffect: args.value('p') === 0 ? 'none' : 'random' });

/** Losses with class weights keep them as buffers. */
const weightedLoss: Rule = (args) => ({
  buffers: ['weight', 'pos_weight'].filter((name) => args.has(name) && args.value(name) === UNKNOWN),
});

/** Containers; `layers.ts` fills in positional modules of Sequential, which its signature cannot name. */
const listContainer: Rule = (args) => {
  const values = args.value('modules');
  if (values === null) return {};
  if (!Array.isArray(values) || !values.every(isModule)) return { complete: false };
  return { children: values.map((value, index) => child(String(index), value)) };
};

/** Modules or parameters by name, or a list of parameters: nothing is known unless nothing is given. */
const opaqueContainer: Rule = (args) => ({
  complete: ['modules', 'values', 'parameters'].every((name) => !args.has(name) || args.value(name) === null),
});

/** Without a distance function it measures with a module of its own; a module given is registered too. */
const distanceLoss: Rule = (args, build) => {
  const given = args.value('distance_function');
  const tree = given === null ? build('PairwiseDistance') : isModule(given) ? given : null;
  return {
    children: tree === null ? [] : [child('distance_function', tree)],
    complete: given !== UNKNOWN,
  };
};

/**
 * The rule of each torch.nn class by short name; a class that is not listed owns nothing. Shapes and
 * orders are those of PyTorch 1.13's constructors, checked against recorded calls of all of them.
 */
export const layerRules: ReadonlyMap<string, Rule> = new Map([
  ['Linear', linear],
  ['LazyLinear', lazyWeightAndBias],
  ['Bilinear', bilinear],
  ...[1, 2, 3].flatMap((d): [string, Rule][] => [
    [`Conv${d}d`, convolution],
    [`ConvTranspose${d}d`, convolution],
    [`LazyConv${d}d`, lazyWeightAndBias],
    [`LazyConvTranspose${d}d`, lazyWeightAndBias],
    [`BatchNorm${d}d`, statisticsNorm],
    [`LazyBatchNorm${d}d`, statisticsNorm],
    [`InstanceNorm${d}d`, statisticsNorm],
    [`LazyInstanceNorm${d}d`, statisticsNorm],
    [`Dropout${d}d`, dropout],
  ]),
  ['SyncBatchNorm', statisticsNorm],
  ['LayerNorm', layerNorm],
  ['RMSNorm', rmsNorm],
  ['GroupNorm', groupNorm],
  ['Embedding', embedding],
  ['EmbeddingBag', embedding],
  ['PReLU', prelu],
  ['RNNBase', recurrent],
  ['RNN', recurrent],
  ['LSTM', recurrent],
  ['GRU', recurrent],
  ['RNNCellBase', recurrentCell],
  ['RNNCell', recurrentCell],
  ['LSTMCell', recurrentCell],
  ['GRUCell', recurrentCell],
  ['MultiheadAttention', attention],
  ['TransformerEncoderLayer', transformerLayer],
  ['TransformerDecoderLayer', transformerLayer],
  ['TransformerEncoder', transformerStack],
  ['TransformerDecoder', transformerStack],
  ['Transformer', transformer],
  ['AdaptiveLogSoftmaxWithLoss', adaptiveLogSoftmax],
  ['Dropout', dropout],
  ['AlphaDropout', dropout],
  ['FeatureAlphaDropout', dropout],
  ['RReLU', () => ({ modeEffect: 'random' })],
  ['CrossEntropyLoss', weightedLoss],
  ['NLLLoss', weightedLoss],
  ['NLLLoss2d', weightedLoss],
  ['BCELoss', weightedLoss],
  ['BCEWithLogitsLoss', weightedLoss],
  ['MultiMarginLoss', weightedLoss],
  ['MultiLabelSoftMarginLoss', weightedLoss],
  ['TripletMarginWithDistanceLoss', distanceLoss],
  ['ModuleList', listContainer],
  ['ModuleDict', opaqueContainer],
  ['ParameterList', opaqueContainer],
  ['ParameterDict', opaqueContainer],
]);
