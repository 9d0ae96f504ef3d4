import { type Model, type Scene, target } from './writer.ts';

/** A freeze or unfreeze in one of many spellings. */
export function writeFreeze(scene: Scene, model: Model): void {
  const { random, out } = scene;
  const module = target(scene, model);
  const value = random.pick(['False', 'False', 'True']);
  const word = random.pick(model.words);
  const set = (parameter: string, flag = value): string =>
    random.pick([
      `${parameter}.requires_grad = ${flag}`,
      `${parameter}.requires_grad_(${flag})`,
      `setattr(${parameter}, 'requires_grad', ${flag})`,
      `${parameter}.requires_grad = ${flag}`,
    ]);
  const idioms: readonly (readonly [string, () => void])[] = [
    ['loop over parameters', () => out.block(`for p in ${module}.parameters():`, () => out.line(set('p')))],
    ['requires_grad_', () => out.line(`${module}.requires_grad_(${value})`)],
    ['named_parameters in', () => named(`if ${random.pick(['', 'not '])}'${word}' in name:`)],
    ['named_parameters not in', () => named(`if '${word}' not in name:`)],
    [
      'named_parameters startswith',
      () => named(`if name.startswith(${random.pick([`'${word}'`, `('${word}', 'fc')`])}):`),
    ],
    ['named_parameters endswith', () => named(`if name.endswith('${random.pick(['bias', 'weight'])}'):`)],
    ['named_parameters ==', () => named(`if name == '${model.head}.weight' or '${word}' in name:`)],
    ['any over list', () => named(`if any(key in name for key in ['${word}', '${model.head}']):`)],
    ['name in list', () => named(`if name in ['${model.head}.weight', '${model.head}.bias']:`)],
    [
      're.match',
      () =>
        named(
          `if re.${random.pick(['match', 'search'])}(r'${random.pick([word.replaceAll('.', '\\.'), '.*bias$', `^${model.head}`])}', name):`,
        ),
    ],
    ['split', () => named(`if name.split('.')[0] ${random.pick(['==', '!='])} '${word.split('.')[0]}':`)],
    [
      'expression of name',
      () =>
        out.block(`for name, p in ${model.name}.named_parameters():`, () =>
          out.line(
            `p.requires_grad = ${random.pick([`'${word}' in name`, `'${word}' not in name`, `name.startswith('${word}')`])}`,
          ),
        ),
    ],
    [
      'children',
      () =>
        out.block(`for child in ${model.name}.children():`, () =>
          out.block('for p in child.parameters():', () => out.line(set('p'))),
        ),
    ],
    [
      'named_children',
      () =>
        out.block(`for name, child in ${model.name}.named_children():`, () =>
          out.block(`if name ${random.pick(['==', '!=', '!='])} '${model.head}':`, () =>
            out.line(
              random.pick([
                `child.requires_grad_(${value})`,
                `for p in child.parameters():\n    p.requires_grad = ${value}`,
              ]),
            ),
          ),
        ),
    ],
    [
      'modules isinstance',
      () =>
        out.block(`for m in ${model.name}.modules():`, () =>
          out.block(
            `if ${random.pick(['', 'not '])}isinstance(m, ${random.pick(['nn.Linear', 'nn.BatchNorm1d', '(nn.BatchNorm1d, nn.LayerNorm)'])}):`,
            () => out.block('for p in m.parameters(recurse=False):', () => out.line(set('p'))),
          ),
        ),
    ],
    [
      'list slice',
      () =>
        out.block(
          `for p in list(${module}.parameters())[${random.pick([':2', '-2:', ':-1', '1:', '::2'])}]:`,
          () => out.line(set('p')),
        ),
    ],
    [
      'enumerate',
      () =>
        out.block(`for i, p in enumerate(${module}.parameters()):`, () =>
          out.block(`if i ${random.pick(['<', '>=', '=='])} ${random.below(4)}:`, () => out.line(set('p'))),
        ),
    ],
    [
      'counter',
      () => {
        const counter = out.fresh('count');
        out.line(`${counter} = 0`);
        out.block(`for child in ${model.name}.children():`, () => {
          out.block(`if ${counter} < ${1 + random.below(3)}:`, () =>
            out.block('for p in child.parameters():', () => out.line(set('p'))),
          );
          out.line(`${counter} += 1`);
        });
      },
    ],
    [
      'break',
      () =>
        out.block(`for name, p in ${model.name}.named_parameters():`, () => {
          out.block(`if '${word}' in name:`, () => out.line(random.pick(['break', 'continue'])));
          out.line(set('p'));
        }),
    ],
    [
      'chain',
      () =>
        out.block(
          `for p in itertools.chain(${module}.parameters(), ${model.name}.${model.head}.parameters()):`,
          () => out.line(set('p')),
        ),
    ],
    [
      'list of parts',
      () =>
        out.block(`for part in [${module}, ${model.name}.${model.head}]:`, () =>
          out.line(`part.requires_grad_(${value})`),
        ),
    ],
    [
      'getattr',
      () =>
        out.block(`for name in ['features', '${model.head}']:`, () =>
          out.line(`getattr(${model.name}, name).requires_grad_(${value})`),
        ),
    ],
    [
      'single parameter',
      () => out.line(set(`${model.name}.${model.head}.${random.pick(['weight', 'bias'])}`)),
    ],
    ['next', () => out.line(`next(${module}.parameters()).requires_grad = ${value}`)],
    [
      'comprehension',
      () =>
        out.line(
          `[p.requires_grad_(${value}) for p in ${module}.parameters()${random.pick(['', ' if p.dim() > 0'])}]`,
        ),
    ],
    [
      'zip',
      () =>
        out.block(`for p, flag in zip(${module}.parameters(), [True, False, True]):`, () =>
          out.line('p.requires_grad = flag'),
        ),
    ],
    [
      'get_submodule',
      () => out.line(`${model.name}.get_submodule('${model.head}').requires_grad_(${value})`),
    ],
    [
      'get_parameter',
      () => out.line(`${model.name}.get_parameter('${model.head}.weight').requires_grad = ${value}`),
    ],
    [
      'sequential slice',
      () =>
        model.sequentials.length > 0
          ? out.line(
              `${model.name}.${random.pick(model.sequentials)}[:${1 + random.below(2)}].requires_grad_(${value})`,
            )
          : out.line(`${module}.requires_grad_(${value})`),
    ],
    [
      'no_grad block',
      () => out.block('with torch.no_grad():', () => out.line(`${module}.requires_grad_(${value})`)),
    ],
    [
      'while',
      () => {
        const index = out.fresh('index');
        const list = out.fresh('params');
        out.line(`${list} = list(${module}.parameters())`);
        out.line(`${index} = 0`);
        out.block(`while ${index} < len(${list}):`, () => {
          out.line(`${list}[${index}].requires_grad = ${value}`);
          out.line(`${index} += ${random.pick(['1', '2'])}`);
        });
      },
    ],
    [
      'ternary',
      () =>
        out.block(`for name, p in ${model.name}.named_parameters():`, () =>
          out.line(`p.requires_grad = True if '${word}' in name else False`),
        ),
    ],
    ['module attribute (no effect)', () => out.line(`${module}.requires_grad = ${value}`)],
    [
      'misspelt (no effect)',
      () => out.block(`for p in ${module}.parameters():`, () => out.line(`p.require_grad = ${value}`)),
    ],
    ['detach_', () => out.line(`${model.name}.${model.head}.weight.detach_()`)],
    [
      'parameters dict',
      () =>
        out.block(`for name, p in dict(${model.name}.named_parameters()).items():`, () =>
          out.block(`if '${word}' in name:`, () => out.line(set('p'))),
        ),
    ],
  ];
  function named(condition: string): void {
    out.block(`for name, p in ${random.pick([model.name, module])}.named_parameters():`, () => {
      out.block(condition, () => out.line(set('p')));
      if (random.chance(0.2))
        out.block('else:', () => out.line(set('p', value === 'True' ? 'False' : 'True')));
    });
  }
  if (scene.helpers.length > 0 && random.chance(0.18)) {
    out.use('helper');
    out.line(random.pick(scene.helpers).call(module, value));
    return;
  }
  if (model.methods.length > 0 && random.chance(0.12)) {
    out.use('method');
    out.line(`${model.name}.${random.pick(model.methods)}`);
    return;
  }
  const [idiom, write] = random.pick(idioms);
  out.use(idiom);
  write();
}
