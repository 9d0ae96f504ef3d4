/** Forms that define functions, classes or further variables, so that they stand only where they certainly run. */
import { type Form, flag } from './form.ts';
import { target } from './writer.ts';

export const TOP_LEVEL_FORMS: readonly Form[] = [
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
