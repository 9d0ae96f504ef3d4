/** Forms that bind no model and no optimizer, so that they may stand in a branch. */
import { type Form, flag, setting } from './form.ts';
import { target } from './writer.ts';

export const BLOCK_FORMS: readonly Form[] = [
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
