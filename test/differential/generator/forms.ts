/**
 * Longer forms that real programs are made of: trainers, context managers, closures, decorators, generators, match
 * statements, containers of parts. Each defines what it needs and uses it at once.
 */
import { CLASS_FORMS } from './class-forms.ts';
import { COLLECTION_FORMS } from './collection-forms.ts';
import { type Form, flag, setting } from './form.ts';
import { type Model, type Scene, target } from './writer.ts';

/** Writes one of the forms; those that bind new variables only where they certainly run. */
export function writeForm(scene: Scene, model: Model): void {
  const { random, out } = scene;
  const [idiom, write] = random.pick(scene.depth > 0 ? ANYWHERE : [...ANYWHERE, ...AT_TOP, ...CLASS_FORMS]);
  out.use(idiom);
  for (const line of write(scene, model).split('\n')) out.line(line);
}

/** Forms that bind no model and no optimizer, so that they may stand in a branch. */
const INSIDE_BLOCKS: readonly Form[] = [
  [
    'unknown place',
    (scene, { name, head }) => {
      const known = setting(scene);
      const part = scene.random.pick([
        `${name}.features[int(${known})]`,
        `${name}.features[-int(${known}) - 1]`,
        `list(${name}.children())[int(${known})]`,
        `getattr(${name}, 'features' if ${known} else '${head}')`,
        `getattr(${name}, ['${head}', 'features'][${known}])`,
        `${name}.get_submodule(f"{'features' if ${known} else '${head}'}")`,
        `${name}._modules[{True: 'features', False: '${head}'}[${known}]]`,
        `{'a': ${name}.features, 'b': ${name}.${head}}['a' if ${known} else 'b']`,
        `dict(${name}.named_children())[f"{'features' if ${known} else '${head}'}"]`,
        `(${name}.features, ${name}.${head})[${known}]`,
      ]);
      return scene.random.pick([
        `${part}.requires_grad_(${flag(scene)})`,
        `for p in ${part}.parameters():\n    p.requires_grad = ${flag(scene)}`,
      ]);
    },
  ],
  [
    'unknown parameter',
    (scene, { name, head }) => {
      const known = setting(scene);
      const parameter = scene.random.pick([
        `list(${name}.parameters())[int(${known})]`,
        `dict(${name}.named_parameters())[f"${head}.{'weight' if ${known} else 'bias'}"]`,
        `${name}.get_parameter(f"${head}.{'weight' if ${known} else 'bias'}")`,
      ]);
      return `${parameter}.requires_grad = ${flag(scene)}`;
    },
  ],
  [
    'unknown number of rounds',
    (scene, { name }) => {
      const [count, index] = [`${1 + scene.random.below(3)} + ${setting(scene)}`, scene.out.fresh('index')];
      return scene.random.pick([
        `for ${index} in range(${count}):\n    list(${name}.parameters())[${index}].requires_grad = ${flag(scene)}`,
        `${index} = 0\nfor _ in range(${count}):\n    list(${name}.parameters())[${index}].requires_grad = ${flag(scene)}\n    ${index} += 1`,
        `${index} = list(${name}.parameters())\nfor _ in range(${count}):\n    ${index}.pop().requires_grad = ${flag(scene)}`,
        `${index} = iter(${name}.parameters())\nfor _ in range(${count}):\n    next(${index}).requires_grad = ${flag(scene)}`,
      ]);
    },
  ],
  [
    'raise between two freezes',
    (scene, { name, head }) => `try:
    ${name}.${head}.requires_grad_(False)
    if ${setting(scene)}:
        raise ${scene.random.pick(['ValueError', 'KeyError'])}('stop')
    ${name}.${head}.requires_grad_(True)
except ${scene.random.pick(['ValueError', '(KeyError, ValueError)', 'Exception'])}:
    ${scene.random.pick(['pass', `${name}.features.requires_grad_(${flag(scene)})`])}`,
  ],
  [
    'match',
    (scene, { name, head }) => {
      const mode = scene.out.fresh('mode');
      return `${mode} = '${scene.random.pick(['head', 'all', 'none'])}'
match ${mode}:
    case 'head':
        ${name}.requires_grad_(False)
        ${name}.${head}.requires_grad_(True)
    case 'all' | 'everything':
        ${name}.requires_grad_(True)
    case _:
        pass`;
    },
  ],
  [
    'walrus',
    (scene, { name, head }) => `if (found := ${name}.${head}) is not None:
    found.requires_grad_(${flag(scene)})`,
  ],
  [
    'while with break',
    (scene, { name }) => {
      const index = scene.out.fresh('index');
      return `${index} = 0
while True:
    child = list(${name}.children())[${index}]
    child.requires_grad_(${flag(scene)})
    ${index} += 1
    if ${index} >= ${1 + scene.random.below(2)}:
        break`;
    },
  ],
  [
    'try with finally',
    (scene, { name, head }) => `try:
    ${name}.features.requires_grad_(${flag(scene)})
finally:
    ${name}.${head}.requires_grad_(${flag(scene)})`,
  ],
  [
    'try that certainly raises',
    (scene, { name, head }) => `try:
    ${name}.${head}.requires_grad_(False)
    raise KeyError('stop')
    ${name}.features.requires_grad_(False)
except KeyError:
    ${name}.${head}.requires_grad_(${flag(scene)})`,
  ],
  [
    'dictionary of parts',
    (scene, { name, head }) => {
      const parts = scene.out.fresh('parts');
      const loop = scene.random.pick([
        `for part in ${parts}.values():\n    part.requires_grad_(${flag(scene)})`,
        `for key, part in ${parts}.items():\n    if key != 'head':\n        part.requires_grad_(${flag(scene)})`,
        `for key in ${parts}:\n    ${parts}[key].requires_grad_(key == 'head')`,
        `${parts}.get('head', ${name}).requires_grad_(${flag(scene)})`,
      ]);
      return `${parts} = {'body': ${name}.features, 'head': ${name}.${head}}\n${loop}`;
    },
  ],
  [
    'tuple unpacking',
    (scene, { name, head }) => `body, last = ${name}.features, ${name}.${head}
body.requires_grad_(${flag(scene)})
last.requires_grad_(${flag(scene)})`,
  ],
  [
    'f-string in a name test',
    (scene, { name }) => `for index in range(${1 + scene.random.below(3)}):
    for name, p in ${name}.named_parameters():
        if name.startswith(f'features.{index}'):
            p.requires_grad = ${flag(scene)}`,
  ],
  [
    'reversed',
    (scene, model) => `for index, p in enumerate(reversed(list(${target(scene, model)}.parameters()))):
    p.requires_grad = index < ${scene.random.below(4)}`,
  ],
  [
    'set of names',
    (scene, { name, words }) => {
      const chosen = scene.out.fresh('chosen');
      return `${chosen} = {n for n, _ in ${name}.named_parameters() if '${scene.random.pick(words)}' in n}
for n, p in ${name}.named_parameters():
    p.requires_grad = n ${scene.random.pick(['in', 'not in'])} ${chosen}`;
    },
  ],
  [
    'forced map',
    (scene, model) =>
      `list(map(lambda p: p.requires_grad_(${flag(scene)}), ${target(scene, model)}.parameters()))`,
  ],
  [
    'filter of modules',
    (scene, { name }) => `for m in filter(lambda m: isinstance(m, nn.Linear), ${name}.modules()):
    m.requires_grad_(${flag(scene)})`,
  ],
  [
    '_modules',
    (scene, { name, head }) =>
      scene.random.pick([
        `${name}._modules['${head}'].requires_grad_(${flag(scene)})`,
        `for m in ${name}._modules.values():\n    m.requires_grad_(${flag(scene)})`,
        `for n, m in ${name}._modules.items():\n    if n != '${head}':\n        m.requires_grad_(${flag(scene)})`,
      ]),
  ],
  [
    'named_modules',
    (scene, { name, head }) => `for n, m in ${name}.named_modules():
    if ${scene.random.pick([`n == 'features'`, `n == '${head}'`, `n.startswith('features.')`, `'.' in n`, `n and '${head}' not in n`])}:
        m.requires_grad_(${flag(scene)})`,
  ],
  [
    'leaf modules',
    (scene, { name }) => `for m in ${name}.modules():
    if ${scene.random.pick(['not list(m.children())', 'len(list(m.children())) == 0', 'len(m._modules) == 0'])}:
        for p in m.parameters():
            p.requires_grad = ${flag(scene)}`,
  ],
  [
    'hasattr',
    (scene, { name }) => `for m in ${name}.modules():
    if hasattr(m, 'bias') and m.bias is not None:
        m.bias.requires_grad = ${flag(scene)}`,
  ],
  [
    'isinstance with and',
    (scene, { name }) => `for n, m in ${name}.named_modules():
    if isinstance(m, nn.Linear) and 'features' in n:
        m.weight.requires_grad = ${flag(scene)}`,
  ],
  [
    'condition on flags',
    (scene, { name, head }) => `if ${scene.random.pick([
      `all(p.requires_grad for p in ${name}.${head}.parameters())`,
      `any(p.requires_grad for p in ${name}.features.parameters())`,
      `${name}.${head}.weight.requires_grad`,
      `not next(${name}.parameters()).requires_grad`,
      `len([p for p in ${name}.parameters() if p.requires_grad]) > 2`,
      `sum(p.numel() for p in ${name}.parameters()) > 10`,
    ])}:
    ${name}.${head}.requires_grad_(${flag(scene)})
else:
    ${name}.features.requires_grad_(${flag(scene)})`,
  ],
  [
    'toggle',
    (_, model) => `for p in ${model.name}.${model.head}.parameters():
    p.requires_grad = not p.requires_grad`,
  ],
  [
    'copied flag',
    (_, model) => `for p in ${model.name}.features.parameters():
    p.requires_grad = ${model.name}.${model.head}.weight.requires_grad`,
  ],
  [
    'starred list of children',
    (
      scene,
      { name },
    ) => `for child in [*${name}.children()][${scene.random.pick([':1', '1:', '-1:', ':-1'])}]:
    child.requires_grad_(${flag(scene)})`,
  ],
  [
    'saved and restored flags',
    (scene, { name }) => {
      const saved = scene.out.fresh('saved');
      return `${saved} = {n: p.requires_grad for n, p in ${name}.named_parameters()}
${name}.requires_grad_(${flag(scene)})
for n, p in ${name}.named_parameters():
    p.requires_grad = ${saved}[n]`;
    },
  ],
  [
    'item assignment',
    (scene, { name }) => `${name}.features[${scene.random.pick(['0', '-1'])}] = nn.Linear(4, 4)`,
  ],
  [
    'register_module',
    ({ random }, { name, head }) =>
      `${name}.${random.pick(['add_module', 'register_module'])}('${head}', nn.Linear(4, 2))`,
  ],
  [
    'conversions',
    ({ random }, { name }) =>
      `${name} = ${name}.${random.pick(['float()', 'double()', 'half().float()', 'to(torch.float32)', 'cpu()', 'train()', 'eval()', 'requires_grad_(False).requires_grad_(True)'])}`,
  ],
  [
    'initialisation',
    ({ random }, { name, head }) =>
      random.pick([
        `nn.init.zeros_(${name}.${head}.weight)`,
        `torch.nn.init.normal_(${name}.${head}.weight, 0.0, 0.1)`,
        `${name}.apply(lambda m: m.reset_parameters() if hasattr(m, 'reset_parameters') else None)`,
      ]),
  ],
  [
    'ignored exception',
    (scene, { name }) => `with contextlib.suppress(AttributeError):
    ${name}.missing_layer.requires_grad_(False)
    ${name}.requires_grad_(${flag(scene)})`,
  ],
  [
    'assert and pass',
    (scene, { name, head }) => `assert isinstance(${name}, nn.Module)
${name}.${head}.requires_grad_(${flag(scene)})`,
  ],
  [
    'for with else',
    (scene, { name, head }) => `for n, child in ${name}.named_children():
    if n == '${scene.random.pick([head, 'missing'])}':
        child.requires_grad_(False)
        break
else:
    ${name}.requires_grad_(${flag(scene)})`,
  ],
  [
    'chosen part',
    (scene, { name, head }) => {
      const part = scene.out.fresh('chosen');
      const count = scene.random.below(4);
      return `${part} = ${name}.features if len(list(${name}.children())) > ${count} else ${name}.${head}
${part}.requires_grad_(${flag(scene)})`;
    },
  ],
  ['boolean default', (scene, { name, head }) => `(None or ${name}.${head}).requires_grad_(${flag(scene)})`],
  [
    'setattr with a name',
    (_, { name, head }) => `for attribute in ('${head}',):
    setattr(${name}, attribute, nn.Linear(4, 2))`,
  ],
  [
    'rsplit',
    (scene, { name, head }) => `for n, p in ${name}.named_parameters():
    parent, _, leaf = n.rpartition('.')
    if parent ${scene.random.pick(['==', '!='])} '${head}' and leaf == 'weight':
        p.requires_grad = ${flag(scene)}`,
  ],
  [
    'lowered name',
    (scene, { name, head }) => `for n, p in ${name}.named_parameters():
    if '${head.toUpperCase()}'.lower() in n.lower():
        p.requires_grad = ${flag(scene)}`,
  ],
  [
    'chained comparison',
    (scene, { name }) => `for i, (n, p) in enumerate(${name}.named_parameters()):
    if 1 <= i < ${2 + scene.random.below(3)}:
        p.requires_grad = ${flag(scene)}`,
  ],
  [
    'shape test',
    (scene, { name }) => `for p in ${name}.parameters():
    if ${scene.random.pick(['p.dim() == 1', 'p.ndim > 1', 'len(p.shape) == 1', 'p.shape[0] == 2', 'p.numel() > 4'])}:
        p.requires_grad = ${flag(scene)}`,
  ],
];

const ANYWHERE: readonly Form[] = [...INSIDE_BLOCKS, ...COLLECTION_FORMS];

/** Forms that define functions, classes or further variables. */
const AT_TOP: readonly Form[] = [
  [
    'context manager',
    (scene, model) => {
      const manager = scene.out.fresh('frozen');
      return `@contextlib.contextmanager
def ${manager}(module):
    module.requires_grad_(False)
    yield module
    ${scene.random.pick(['module.requires_grad_(True)', 'pass'])}

with ${manager}(${target(scene, model)}) as inside:
    pass`;
    },
  ],
  [
    'context manager class',
    (scene, model) => {
      const manager = scene.out.fresh('Frozen');
      return `class ${manager}:
    def __init__(self, module, value=False):
        self.module = module
        self.value = value

    def __enter__(self):
        self.module.requires_grad_(self.value)
        return self

    def __exit__(self, kind, problem, trace):
        for p in self.module.parameters():
            p.requires_grad = not self.value

with ${manager}(${target(scene, model)}):
    ${scene.random.pick(['pass', `${model.name}.requires_grad_(False)`])}`;
    },
  ],
  [
    'closure with nonlocal',
    (scene, { name }) => {
      const helper = scene.out.fresh('freeze_first');
      return `def ${helper}(module, limit):
    count = 0

    def visit(child):
        nonlocal count
        if count < limit:
            child.requires_grad_(${flag(scene)})
        count += 1

    for child in module.children():
        visit(child)
    return count

${helper}(${name}, ${1 + scene.random.below(2)})`;
    },
  ],
  [
    'decorator',
    (scene, model) => {
      const helper = scene.out.fresh('logged');
      return `def ${helper}(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper

@${helper}
def ${helper}_set(module, value):
    module.requires_grad_(value)

${helper}_set(${target(scene, model)}, ${scene.random.pick(['', 'value='])}${flag(scene)})`;
    },
  ],
  [
    'partial',
    (scene, model) => {
      const helper = scene.out.fresh('set_flag');
      return `def ${helper}(value, module):
    for p in module.parameters():
        p.requires_grad = value

functools.partial(${helper}, ${flag(scene)})(${target(scene, model)})`;
    },
  ],
  [
    'early return',
    (scene, { name, head }) => {
      const helper = scene.out.fresh('freeze_until');
      return `def ${helper}(module, stop):
    for child_name, child in module.named_children():
        if child_name == stop:
            return child
        child.requires_grad_(${flag(scene)})
    return None

${helper}(${name}, '${scene.random.pick([head, 'features', 'missing'])}')`;
    },
  ],
  [
    'generator function',
    (scene, model) => {
      const helper = scene.out.fresh('matching');
      scene.optimizers.push(`optimizer_${helper}`);
      return `def ${helper}(module):
    for n, p in module.named_parameters():
        if '${scene.random.pick(model.words)}' ${scene.random.pick(['in', 'not in'])} n:
            yield p

optimizer_${helper} = ${scene.random.pick(['SGD', 'Adam'])}(${scene.random.pick([`list(${helper}(${model.name}))`, `${helper}(${model.name})`])} or [torch.zeros(1)], lr=0.1)`;
    },
  ],
  [
    'yield from',
    (scene, { name, head }) => {
      const helper = scene.out.fresh('both');
      return `def ${helper}(module):
    yield from module.features.parameters()
    yield from module.${head}.parameters()

for p in ${helper}(${name}):
    p.requires_grad = ${flag(scene)}`;
    },
  ],
  [
    'trainer class',
    (scene, { name, head }) => {
      const { random, out } = scene;
      const trainer = out.fresh('Trainer');
      const variable = trainer.toLowerCase();
      const calls = [
        `${variable}.freeze()`,
        `${variable}.unfreeze('${head}')`,
        `${variable}.rebuild()`,
        `${variable}.model.${head}.requires_grad_(False)`,
        `${variable}.unfreeze('features')`,
      ].filter(() => random.chance(0.5));
      scene.optimizers.push(`optimizer_${variable}`);
      return `class ${trainer}:
    def __init__(self, model, lr=0.1):
        self.model = model
        self.lr = lr
        ${random.pick(['self.freeze()', 'pass'])}
        self.optimizer = self.build()

    def build(self):
        return SGD([p for p in self.model.parameters() if p.requires_grad] or [torch.zeros(1)], lr=self.lr)

    def freeze(self):
        for p in self.model.features.parameters():
            p.requires_grad = False

    def unfreeze(self, name):
        getattr(self.model, name).requires_grad_(True)
        return self

    def rebuild(self):
        self.optimizer = self.build()

${variable} = ${trainer}(${name})
${calls.length > 0 ? `${calls.join('\n')}\n` : ''}optimizer_${variable} = ${variable}.optimizer`;
    },
  ],
  [
    'static and class methods',
    (scene, model) => {
      const holder = scene.out.fresh('Tools');
      return `class ${holder}:
    default = False

    @staticmethod
    def set(module, value=False):
        module.requires_grad_(value)

    @classmethod
    def apply(cls, module):
        cls.set(module, cls.default)

${scene.random.pick([`${holder}.set(${target(scene, model)})`, `${holder}.apply(${target(scene, model)})`, `${holder}().set(${target(scene, model)}, ${flag(scene)})`])}`;
    },
  ],
  [
    'wrapping module',
    (scene, { name }) => {
      const wrapper = scene.out.fresh('Wrapped');
      const variable = wrapper.toLowerCase();
      return `class ${wrapper}(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner
        self.top = nn.Linear(2, 2)

    @property
    def body(self):
        return self.inner.features

    def forward(self, x):
        return self.top(self.inner(x))

${variable} = ${wrapper}(${name})
${scene.random.pick([`${variable}.body.requires_grad_(${flag(scene)})`, `${variable}.inner.requires_grad_(${flag(scene)})`, `for n, p in ${variable}.named_parameters():\n    p.requires_grad = not n.startswith('inner.')`])}`;
    },
  ],
  [
    'Sequential of old and new',
    (scene, { name }) => {
      const whole = scene.out.fresh('whole');
      return `${whole} = nn.Sequential(${scene.random.pick([`${name}.features, nn.Linear(4, 2)`, `OrderedDict([('body', ${name}.features), ('head', nn.Linear(4, 2))])`])})
${scene.random.pick([`${whole}[0].requires_grad_(${flag(scene)})`, `${whole}[-1].requires_grad_(${flag(scene)})`, `for n, p in ${whole}.named_parameters():\n    p.requires_grad = '1' in n`])}`;
    },
  ],
  [
    'global statement',
    (scene, { name, head }) => {
      const helper = scene.out.fresh('thaw');
      scene.optimizers.push(`optimizer_${helper}`);
      return `def ${helper}():
    global optimizer_${helper}
    ${name}.${head}.requires_grad_(True)
    optimizer_${helper} = Adam(${name}.${head}.parameters(), lr=0.1)

${helper}()`;
    },
  ],
  [
    'groups by comprehension',
    (scene, { name, head }) => {
      const optimizer = scene.out.fresh('optimizer');
      scene.optimizers.push(optimizer);
      const groups = scene.random.pick([
        `[{'params': [p], 'lr': 0.1} for p in ${name}.parameters()]`,
        `[{'params': part.parameters()} for part in (${name}.features, ${name}.${head})]`,
        `[{'params': [p for n, p in ${name}.named_parameters() if ('bias' in n) == is_bias]} for is_bias in (True, False)]`,
        `[dict(params=${name}.features.parameters(), lr=0.01), dict(params=${name}.${head}.parameters())]`,
      ]);
      return `${optimizer} = torch.optim.SGD(${groups}, lr=0.1)`;
    },
  ],
  [
    'two lists filled in a loop',
    (scene, { name, words }) => {
      const optimizer = scene.out.fresh('optimizer');
      scene.optimizers.push(optimizer);
      return `first, others = [], []
for n, p in ${name}.named_parameters():
    if ${scene.random.pick([`'${scene.random.pick(words)}' in n`, 'p.requires_grad', "n.endswith('bias')"])}:
        first.append(p)
    else:
        others.append(p)
${optimizer} = Adam([{'params': first}, {'params': others, 'lr': 0.01}], lr=0.1)`;
    },
  ],
  [
    'dictionary of lists',
    (scene, { name }) => {
      const optimizer = scene.out.fresh('optimizer');
      scene.optimizers.push(optimizer);
      return `grouped = ${scene.random.pick(['collections.defaultdict(list)', "{'weight': [], 'bias': []}"])}
for n, p in ${name}.named_parameters():
    if n.endswith('.weight') or n.endswith('.bias'):
        grouped[n.split('.')[-1]].append(p)
${optimizer} = SGD([{'params': grouped['weight']}, {'params': grouped['bias']}], lr=0.1)`;
    },
  ],
  [
    'builder function',
    (scene, { name }) => {
      const helper = scene.out.fresh('build');
      const optimizer = `optimizer_${helper}`;
      scene.optimizers.push(optimizer);
      return `def ${helper}(module, kind='sgd', **options):
    params = [p for p in module.parameters() if p.requires_grad]
    if not params:
        params = list(module.parameters())
    if kind == 'sgd':
        return SGD(params, **options)
    elif kind == 'adam':
        return Adam(params, **options)
    raise ValueError(kind)

${optimizer} = ${helper}(${name}, ${scene.random.pick(["'sgd'", "kind='adam'", "'adam'"])}, lr=0.1)`;
    },
  ],
  [
    'returns model and optimizer',
    (scene, { name, head }) => {
      const helper = scene.out.fresh('prepare');
      const optimizer = `optimizer_${helper}`;
      scene.optimizers.push(optimizer);
      return `def ${helper}(net):
    for n, p in net.named_parameters():
        p.requires_grad = n.startswith('${head}')
    return net, SGD(net.${head}.parameters(), lr=0.1)

${name}, ${optimizer} = ${helper}(${name})`;
    },
  ],
  [
    'recursion to a depth',
    (scene, { name }) => {
      const helper = scene.out.fresh('freeze_to');
      return `def ${helper}(module, depth):
    if depth == 0:
        module.requires_grad_(${flag(scene)})
        return
    for child in module.children():
        ${helper}(child, depth - 1)

${helper}(${name}, ${scene.random.below(3)})`;
    },
  ],
  [
    'ParameterList',
    (scene, { name }) => {
      const container = scene.random.pick([
        'nn.ParameterList([nn.Parameter(torch.ones(2)), nn.Parameter(torch.ones(3))])',
        'nn.ParameterList(nn.Parameter(torch.ones(2)) for _ in range(2))',
        "nn.ParameterDict({'a': nn.Parameter(torch.ones(2)), 'b': nn.Parameter(torch.ones(3))})",
      ]);
      return `${name}.prompts = ${container}
${scene.random.pick([`${name}.prompts.requires_grad_(${flag(scene)})`, `for p in ${name}.prompts.parameters():\n    p.requires_grad = ${flag(scene)}`])}`;
    },
  ],
  [
    'list of modules edited',
    (scene, { name }) => {
      const list = scene.out.fresh('stack');
      return `${list} = nn.ModuleList([nn.Linear(4, 4) for _ in range(2)])
${scene.random.pick([`${list}.append(${name}.features)`, `${list}.extend([nn.Linear(2, 2), ${name}.features])`, `${list}.insert(0, nn.Linear(3, 3))`, `${list} += [nn.Linear(2, 2)]`, `del ${list}[0]`])}
${scene.random.pick([`${list}[0].requires_grad_(False)`, `${list}[-1].requires_grad_(${flag(scene)})`, `for layer in ${list}[1:]:\n    layer.requires_grad_(False)`])}`;
    },
  ],
  [
    'list of optimizers',
    (
      scene,
      { name, head },
    ) => `optimizers = [SGD(part.parameters(), lr=0.1) for part in (${name}.features, ${name}.${head})]
for group in optimizers[0].param_groups:
    for p in group['params']:
        p.requires_grad = ${flag(scene)}`,
  ],
  [
    'copy as teacher',
    (scene, { name }) => {
      const teacher = scene.out.fresh('teacher');
      return `${teacher} = copy.deepcopy(${name}).eval().requires_grad_(False)
for ours, theirs in zip(${name}.parameters(), ${teacher}.parameters()):
    theirs.data.copy_(ours.data)`;
    },
  ],
  [
    'vars and options',
    (scene, { name, head }) => {
      const options = scene.out.fresh('options');
      return `class ${options}:
    freeze = ${scene.random.pick(['True', 'False'])}
    parts = ['features', '${head}']

if ${options}.freeze:
    for part in ${options}.parts:
        getattr(${name}, part).requires_grad_(False)`;
    },
  ],
];
