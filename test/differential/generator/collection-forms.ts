/** Parts and parameters in lists, sets and dictionaries: sorted, merged, taken out, picked. */
import { type Form, flag, setting } from './form.ts';
import { target } from './writer.ts';

/** They bind no model and no optimizer, so that they may stand in a branch. */
export const COLLECTION_FORMS: readonly Form[] = [
  [
    'sorted',
    (scene, { name }) => {
      const key = scene.random.pick([
        '',
        ', key=lambda pair: pair[0]',
        ', key=lambda pair: pair[1].numel()',
        ', key=lambda pair: (pair[1].dim(), pair[0])',
        ', reverse=True',
        ', key=lambda pair: float(pair[1].sum())',
      ]);
      return `for n, p in sorted(${name}.named_parameters()${key})[:${1 + scene.random.below(3)}]:
    p.requires_grad = ${flag(scene)}`;
    },
  ],
  [
    'sorted names',
    (scene, { name, head }) => {
      const names = scene.out.fresh('names');
      return `${names} = ['${head}', 'features']
${names}.sort(${scene.random.pick(['', 'reverse=True', 'key=len'])})
getattr(${name}, ${names}[${scene.random.pick(['0', '-1'])}]).requires_grad_(${flag(scene)})`;
    },
  ],
  [
    'removed from a list',
    (scene, { name, head }) => {
      const parts = scene.out.fresh('parts');
      const gone = scene.random.pick([
        `${name}.${head}`,
        `${name}.features if ${setting(scene)} else ${name}.${head}`,
        `${parts}[0]`,
      ]);
      return `${parts} = [${name}.features, ${name}.${head}]
${scene.random.pick([`${parts}.remove(${gone})`, `del ${parts}[int(${setting(scene)})]`, `${parts}.pop(int(${setting(scene)}))`])}
for part in ${parts}:
    part.requires_grad_(${flag(scene)})`;
    },
  ],
  [
    'set arithmetic',
    (scene, model) => {
      const [one, other] = [target(scene, model), target(scene, model)];
      const whole = `set(${one}.parameters())`;
      const set = scene.random.pick([
        `${whole} - set(${other}.parameters())`,
        `${whole} & set(${other}.parameters())`,
        `${whole} | set(${other}.parameters())`,
        `${whole} ^ set(${other}.parameters())`,
        `${whole}.difference(${other}.parameters())`,
        `${whole}.intersection(${other}.parameters())`,
        `${whole}.union(${other}.parameters())`,
      ]);
      return `for p in ${set}:\n    p.requires_grad = ${flag(scene)}`;
    },
  ],
  [
    'sets of names',
    (scene, { name, head }) => {
      const names = scene.out.fresh('names');
      return `${names} = {n for n, _ in ${name}.named_children()} ${scene.random.pick(['-', '&', '|'])} {'${head}', 'stem'}
for n, child in ${name}.named_children():
    if n in ${names}:
        child.requires_grad_(${flag(scene)})`;
    },
  ],
  [
    'settings merged',
    (scene, { name, head }) => {
      const options = scene.out.fresh('options');
      const merged = scene.random.pick([
        `{**${options}, 'freeze': False}`,
        `{'freeze': False, **${options}}`,
        `dict(${options}, freeze=False)`,
        `${options} | {'freeze': False}`,
        `{'freeze': False} | ${options}`,
        `dict(${options})`,
      ]);
      return `${options} = {'freeze': True, 'part': '${head}'}
${options} = ${merged}
if ${options}['freeze']:
    getattr(${name}, ${options}['part']).requires_grad_(False)`;
    },
  ],
  [
    'merged parts',
    (scene, { name, head }) => {
      const parts = scene.out.fresh('parts');
      return `${parts} = {'a': ${name}.features} | {'b': ${name}.${head}}
${parts}['${scene.random.pick(['a', 'b'])}'].requires_grad_(${flag(scene)})`;
    },
  ],
  [
    'copied list',
    (scene, { name, head }) => {
      const parts = scene.out.fresh('parts');
      const copy = scene.random.pick([
        `copy.copy(${parts})`,
        `${parts}[:]`,
        `list(${parts})`,
        `${parts}.copy()`,
      ]);
      return `${parts} = [${name}.features, ${name}.${head}]
${copy}.pop()
${parts}[-1].requires_grad_(${flag(scene)})`;
    },
  ],
  [
    'summed lists',
    (
      scene,
      { name, head },
    ) => `for p in sum([list(part.parameters()) for part in (${name}.features, ${name}.${head})], []):
    p.requires_grad = ${flag(scene)}`,
  ],
  [
    'islice',
    (
      scene,
      model,
    ) => `for p in itertools.islice(${target(scene, model)}.parameters(), ${scene.random.pick(['1', '3', '1, 3'])}):
    p.requires_grad = ${flag(scene)}`,
  ],
  [
    'index of a name',
    (scene, { name, head }) => {
      const names = scene.out.fresh('names');
      return `${names} = [n for n, _ in ${name}.named_children()]
for n in ${names}[${scene.random.pick([`:${names}.index('${head}')`, `${names}.index('features'):`])}]:
    getattr(${name}, n).requires_grad_(${flag(scene)})`;
    },
  ],
  [
    'formatted name',
    (scene, { name, head }) => `for n, p in ${name}.named_parameters():
    if n == ${scene.random.pick([`'{}.{}'.format('${head}', 'weight')`, `'{0}.bias'.format('${head}')`, `'{part}.weight'.format(part='${head}')`, `'%s.%s' % ('${head}', 'weight')`])}:
        p.requires_grad = ${flag(scene)}`,
  ],
  [
    'list or one',
    (scene, { name, head }) => {
      const parts = scene.out.fresh('parts');
      return `${parts} = ${scene.random.pick([`${name}.${head}`, `[${name}.${head}, None]`, `(${name}.${head},)`])}
if not isinstance(${parts}, ${scene.random.pick(['list', '(list, tuple)'])}):
    ${parts} = [${parts}]
for part in ${parts}:
    if isinstance(part, nn.Module):
        part.requires_grad_(${flag(scene)})`;
    },
  ],
  [
    'attribute by path',
    (scene, { name, head }) =>
      `${scene.random.pick([`functools.reduce(getattr, '${head}.weight'.split('.'), ${name})`, `operator.attrgetter('${head}.weight')(${name})`])}.requires_grad = ${flag(scene)}`,
  ],
  [
    'picked at random',
    (scene, { name }) =>
      `random.choice(list(${name}.${scene.random.pick(['parameters', 'children'])}())).requires_grad_(${flag(scene)})`,
  ],
  [
    'captured by a pattern',
    (scene, { name, head }) => `match {'part': ${name}.${head}, 'flag': ${flag(scene)}}:
    case {'part': part, 'flag': value}:
        part.requires_grad_(value)`,
  ],
  [
    'taken out of _modules',
    (scene, { name }) => {
      const gone = scene.out.fresh('gone');
      return `${name}.${gone} = nn.Linear(4, 4)
${scene.random.pick([`del ${name}._modules['${gone}']`, `${name}._modules.pop('${gone}').requires_grad_(False)`])}`;
    },
  ],
  [
    'prompts',
    (scene, { name }) => {
      const list = scene.out.fresh('prompts');
      const [container, use] = scene.random.pick([
        [
          'nn.ParameterList([nn.Parameter(torch.ones(2)) for _ in range(2)])',
          [
            `for p in ${name}.${list}:\n    p.requires_grad = False`,
            `${name}.${list}[0].requires_grad = False`,
            `${name}.${list}.append(nn.Parameter(torch.ones(3), requires_grad=${flag(scene)}))`,
            `for p in ${name}.${list}[1:]:\n    p.requires_grad = False`,
          ],
        ],
        [
          "nn.ParameterDict({'a': nn.Parameter(torch.ones(2)), 'b': nn.Parameter(torch.ones(3))})",
          [
            `for n, p in ${name}.${list}.items():\n    p.requires_grad = n == 'a'`,
            `${name}.${list}['a'].requires_grad = False`,
            `${name}.${list}['c'] = nn.Parameter(torch.ones(3), requires_grad=${flag(scene)})`,
          ],
        ],
        [
          "nn.ModuleDict({'a': nn.Linear(2, 2), 'b': nn.Linear(2, 2)})",
          [
            `${name}.${list}.update({'c': nn.Linear(1, 1)})\n${name}.${list}['c'].requires_grad_(False)`,
            `${name}.${list}.pop('a').requires_grad_(False)`,
            `for n in ${name}.${list}:\n    ${name}.${list}[n].requires_grad_(n == 'a')`,
          ],
        ],
      ] as const);
      return `${name}.${list} = ${container}\n${scene.random.pick(use)}`;
    },
  ],
];
