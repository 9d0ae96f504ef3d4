import { writeFreeze } from './freezes.ts';
import { type Model, type Scene, target } from './writer.ts';

function parameterExpression(scene: Scene, model: Model): string {
  const { random } = scene;
  const module = target(scene, model);
  const word = random.pick(model.words);
  return random.pick([
    `${module}.parameters()`,
    `${model.name}.parameters()`,
    `filter(lambda p: p.requires_grad, ${model.name}.parameters())`,
    `[p for p in ${model.name}.parameters() if p.requires_grad]`,
    `(p for p in ${module}.parameters() if p.requires_grad)`,
    `list(${module}.parameters())`,
    `list(${model.name}.features.parameters()) + list(${model.name}.${model.head}.parameters())`,
    `itertools.chain(${model.name}.features.parameters(), ${model.name}.${model.head}.parameters())`,
    `[p for n, p in ${model.name}.named_parameters() if '${word}' in n]`,
    `[p for n, p in ${model.name}.named_parameters() if '${word}' not in n and p.requires_grad]`,
    `[{'params': ${model.name}.features.parameters(), 'lr': 0.01}, {'params': ${model.name}.${model.head}.parameters()}]`,
    `[{'params': [p for n, p in ${model.name}.named_parameters() if 'bias' in n]}, {'params': [p for n, p in ${model.name}.named_parameters() if 'bias' not in n]}]`,
    `[{'params': filter(lambda p: p.requires_grad, ${model.name}.parameters())}]`,
    `set(${module}.parameters())`,
    `[${model.name}.${model.head}.weight]`,
  ]);
}

export function writeOptimizer(scene: Scene): void {
  const { random, out } = scene;
  const model = random.pick(scene.models);
  const kind = random.pick(['SGD', 'Adam', 'torch.optim.AdamW']);
  const name =
    scene.optimizers.length === 0 || random.chance(0.3)
      ? scene.optimizers.length === 0
        ? 'optimizer'
        : out.fresh('optimizer')
      : random.pick(scene.optimizers);
  out.use('optimizer');
  if (scene.depth > 0 && !scene.optimizers.includes(name)) {
    writeFreeze(scene, model);
    return;
  }
  if (scene.build && random.chance(0.4)) {
    out.use('optimizer built in another file');
    out.line(`${name} = ${scene.build(target(scene, model))}`);
  } else if (random.chance(0.15)) {
    out.use('optimizer of groups in a loop');
    const groups = out.fresh('groups');
    out.line(`${groups} = []`);
    out.block(`for n, p in ${model.name}.named_parameters():`, () => {
      if (random.chance(0.6)) out.block('if not p.requires_grad:', () => out.line('continue'));
      out.line(`${groups}.append({'params': [p], 'lr': 0.1})`);
    });
    out.line(`${name} = ${kind}(${groups}, lr=0.1)`);
  } else if (random.chance(0.12)) {
    const list = out.fresh('params');
    out.line(`${list} = ${parameterExpression(scene, model)}`);
    out.line(`${name} = ${kind}(${list}, lr=0.1)`);
  } else
    out.line(
      `${name} = ${kind}(${random.pick(['', 'params='])}${parameterExpression(scene, model)}, lr=0.1)`,
    );
  if (!scene.optimizers.includes(name)) scene.optimizers.push(name);
}

/** add_param_group and the other ways to extend or rebuild an optimizer (catalogue i10). */
export function writeExtend(scene: Scene, model: Model): void {
  const { random, out } = scene;
  const optimizer = random.pick(scene.optimizers);
  const module = target(scene, model);
  const forms: readonly (readonly [string, string])[] = [
    ['add_param_group', `${optimizer}.add_param_group({'params': ${module}.parameters()})`],
    [
      'add_param_group with lr',
      `${optimizer}.add_param_group({'params': [p for p in ${module}.parameters() if p.requires_grad], 'lr': 0.01})`,
    ],
    ['param_groups assignment', `${optimizer}.param_groups[0]['params'] = list(${model.name}.parameters())`],
    ['param_groups extend', `${optimizer}.param_groups[0]['params'].extend(${module}.parameters())`],
    [
      'param_groups clear',
      `${optimizer}.param_groups.clear()\n${optimizer}.add_param_group({'params': ${model.name}.parameters()})`,
    ],
    [
      'param_groups new list',
      `${optimizer}.param_groups = []\n${optimizer}.add_param_group({'params': list(${model.name}.parameters())})`,
    ],
    ['optimizer __init__', `${optimizer}.__init__(${model.name}.parameters(), lr=0.1)`],
    [
      'missing ones only',
      `have = {id(p) for g in ${optimizer}.param_groups for p in g['params']}\n${optimizer}.add_param_group({'params': [p for p in ${model.name}.parameters() if p.requires_grad and id(p) not in have]})`,
    ],
    [
      'freeze through groups',
      `for group in ${optimizer}.param_groups:\n    for p in group['params']:\n        p.requires_grad = ${random.pick(['True', 'False'])}`,
    ],
    ['lr through groups', `for group in ${optimizer}.param_groups:\n    group['lr'] = 0.01`],
  ];
  const [idiom, text] = random.pick(forms);
  out.use(idiom);
  out.line(text);
}
