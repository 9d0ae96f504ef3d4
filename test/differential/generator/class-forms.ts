/** What classes, decorators and generators of the program do to a freeze. They define something, so they stand at the top. */
import { type Form, flag, setting } from './form.ts';
import { target } from './writer.ts';

export const CLASS_FORMS: readonly Form[] = [
  [
    'class attribute',
    (scene, model) => {
      const config = scene.out.fresh('Config');
      const change = scene.random.pick([
        `${config}.freeze = False`,
        `setattr(${config}, 'freeze', False)`,
        `if ${setting(scene)}:\n    ${config}.freeze = False`,
        `${config}().freeze = False`,
        `type(${config}()).freeze = False`,
        'pass',
      ]);
      return `class ${config}:
    freeze = True

${change}
if ${scene.random.pick([config, `${config}()`])}.freeze:
    ${target(scene, model)}.requires_grad_(False)`;
    },
  ],
  [
    'registry',
    (scene, { name, head }) => {
      const registry = scene.out.fresh('Registry');
      return `class ${registry}:
    parts = {}
    count = 0

    @classmethod
    def add(cls, key, part):
        cls.parts[key] = part
        cls.count += 1

    @classmethod
    def freeze(cls):
        if cls.count >= ${1 + scene.random.below(3)}:
            for part in cls.parts.values():
                part.requires_grad_(${flag(scene)})

${registry}.add('a', ${name}.features)
${scene.random.pick([`${registry}.add('b', ${name}.${head})`, `if ${setting(scene)}:\n    ${registry}.add('b', ${name}.${head})`])}
${registry}.freeze()`;
    },
  ],
  [
    'property with a setter',
    (scene, model) => {
      const holder = scene.out.fresh('Holder');
      return `class ${holder}:
    def __init__(self, module):
        self.module = module
        self._frozen = False

    @property
    def frozen(self):
        return self._frozen

    @frozen.setter
    def frozen(self, value):
        self._frozen = value
        self.module.requires_grad_(not value)

${holder.toLowerCase()} = ${holder}(${target(scene, model)})
${holder.toLowerCase()}.frozen = ${scene.random.pick(['True', 'False'])}
if ${holder.toLowerCase()}.frozen:
    ${model.name}.${model.head}.requires_grad_(${flag(scene)})`;
    },
  ],
  [
    'decorator that changes the call',
    (scene, model) => {
      const decorator = scene.out.fresh('decorated');
      const inner = scene.random.pick([
        'def inner(*args, **kwargs):\n        return None',
        'def inner(*args, **kwargs):\n        function(*args, **kwargs)\n        return function(*args, **kwargs)',
        'def inner(module, value=False):\n        return function(module, not value)',
        'def inner(*args, **kwargs):\n        if len(args) > 1:\n            return function(*args, **kwargs)',
        '@functools.wraps(function)\n    def inner(*args, **kwargs):\n        try:\n            return function(*args, **kwargs)\n        finally:\n            pass',
      ]);
      return `def ${decorator}(function):
    ${inner}
    return inner

@${decorator}
def ${decorator}_toggle(module, value=False):
    for p in module.parameters():
        p.requires_grad = ${scene.random.pick(['value', 'not p.requires_grad'])}

${decorator}_toggle(${target(scene, model)}${scene.random.pick(['', ', True', ', False'])})`;
    },
  ],
  [
    'decorator of a class',
    (scene) => {
      const net = scene.out.fresh('Decorated');
      return `def ${net.toLowerCase()}_frozen(cls):
    original = cls.__init__

    def __init__(self, *args):
        original(self, *args)
        self.requires_grad_(${flag(scene)})

    cls.__init__ = __init__
    return cls

${scene.random.pick(['@', '# '])}${net.toLowerCase()}_frozen
class ${net}(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 2)

${net.toLowerCase()} = ${net}()`;
    },
  ],
  [
    'dataclass',
    (scene, { name, head }) => {
      const config = scene.out.fresh('Options');
      const args = scene.random.pick(['', 'True', "part='features'", `freeze=False, part='${head}'`]);
      return `@dataclasses.dataclass
class ${config}:
    freeze: bool = ${scene.random.pick(['True', 'False'])}
    part: str = '${head}'
    names: list = dataclasses.field(default_factory=lambda: ['weight'])

${config.toLowerCase()} = ${config}(${args})
if ${config.toLowerCase()}.freeze:
    for n, p in getattr(${name}, ${config.toLowerCase()}.part).named_parameters():
        if any(word in n for word in ${config.toLowerCase()}.names):
            p.requires_grad = False`;
    },
  ],
  [
    'cached function',
    (scene, { name, head }) => {
      const build = scene.out.fresh('cached');
      return `@functools.lru_cache(maxsize=None)
def ${build}(width):
    return nn.Linear(width, 2)

${name}.${head} = ${build}(4)
${build}(${scene.random.pick(['4', '3'])}).requires_grad_(${flag(scene)})`;
    },
  ],
  [
    'instance as a container',
    (scene, { name, head }) => {
      const bag = scene.out.fresh('Bag');
      const use = scene.random.pick([
        `for part in ${bag}(${name}.features, ${name}.${head}):\n    part.requires_grad_(${flag(scene)})`,
        `${bag}(${name}.features, ${name}.${head})[${scene.random.pick(['0', '-1', `int(${setting(scene)})`])}].requires_grad_(${flag(scene)})`,
        `if ${bag}():\n    ${name}.requires_grad_(${flag(scene)})`,
      ]);
      const iteration = scene.random.pick([
        'return iter(self.parts)',
        'yield from self.parts',
        'for part in self.parts:\n            yield part',
      ]);
      return `class ${bag}:
    def __init__(self, *parts):
        self.parts = parts

    def __iter__(self):
        ${iteration}

    def __getitem__(self, index):
        return self.parts[index]

    def __len__(self):
        return len(self.parts)

${use}`;
    },
  ],
  [
    'generator that sets flags',
    (scene, { name }) => {
      const thaw = scene.out.fresh('thaw');
      const use = scene.random.pick([
        `next(${thaw}(${name}))`,
        `for child in ${thaw}(${name}):\n    break`,
        `for child in ${thaw}(${name}):\n    pass`,
        `list(${thaw}(${name}))`,
        `${thaw}(${name})`,
        `for child, _ in zip(${thaw}(${name}), range(1)):\n    pass`,
        `${thaw}_steps = ${thaw}(${name})\nnext(${thaw}_steps)\nnext(${thaw}_steps)`,
      ]);
      return `def ${thaw}(module):
    module.requires_grad_(False)
    for child in reversed(list(module.children())):
        child.requires_grad_(True)
        yield child

${use}`;
    },
  ],
  [
    'callback of code out of sight',
    (scene, model) => {
      const callback = scene.out.fresh('callback');
      const call = scene.random.pick([
        `timeit.timeit(${callback}, number=1)`,
        `timeit.timeit(lambda: ${callback}(), number=1)`,
        `${callback}_thread = threading.Thread(target=${callback})\n${callback}_thread.start()\n${callback}_thread.join()`,
      ]);
      return `def ${callback}():
    ${target(scene, model)}.requires_grad_(${flag(scene)})

${call}`;
    },
  ],
  [
    'own optimizer',
    (scene, { name, head }) => {
      const kind = scene.out.fresh('Own');
      const optimizer = `optimizer_${kind.toLowerCase()}`;
      scene.optimizers.push(optimizer);
      const base = scene.random.pick(['SGD', 'Optimizer']);
      const init =
        base === 'SGD'
          ? 'super().__init__(params, lr=lr)'
          : scene.random.pick([
              'super().__init__(params, dict(lr=lr))',
              'torch.optim.Optimizer.__init__(self, params, {"lr": lr})',
            ]);
      return `class ${kind}(torch.optim.${base}):
    def __init__(self, params, lr=0.1):
        ${init}
        self.kept = 0

    def freeze(self):
        for group in self.param_groups:
            for p in group['params']:
                p.requires_grad = False

${optimizer} = ${kind}(${scene.random.pick([`${name}.parameters()`, `${name}.${head}.parameters()`, `[p for p in ${name}.parameters() if p.requires_grad] or [torch.zeros(1)]`])})
${scene.random.pick([`${optimizer}.freeze()`, `${optimizer}.zero_grad()`])}`;
    },
  ],
  [
    'method put on a class',
    (scene, { name }) => {
      const helper = scene.out.fresh('set_all');
      return `def ${helper}(self, value=False):
    for p in self.parameters():
        p.requires_grad = value

type(${name}).${helper} = ${helper}
${name}.${helper}(${scene.random.pick(['', 'True'])})`;
    },
  ],
  [
    'unwrapped where it is wrapped',
    (scene, { name, head }) => {
      const wrapped = scene.out.fresh('wrapped');
      return `${wrapped} = nn.DataParallel(${name}) if ${setting(scene)} else ${name}
${wrapped}_core = ${wrapped}.module if hasattr(${wrapped}, 'module') else ${wrapped}
${wrapped}_core.${head}.requires_grad_(${flag(scene)})`;
    },
  ],
];
