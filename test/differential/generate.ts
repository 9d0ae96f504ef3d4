/**
 * Random PyTorch programs: models, freeze idioms, replacements, aliases, ties, optimizers, helpers, methods,
 * epoch loops and branches on flags nobody knows. Every program is small, runs on the CPU in a few
 * milliseconds, and uses only what a person might write.
 */
import { Random } from './random.ts';

export interface Program {
  readonly seed: number;
  readonly text: string;
  /** Names of the unknown flags it imports from `settings`. */
  readonly flags: readonly string[];
  /** The idioms it uses, for figures by construct. */
  readonly idioms: readonly string[];
}

/** What the generator knows of a model variable. */
interface Model {
  readonly name: string;
  /** Attribute paths of submodules that certainly exist. */
  readonly parts: readonly string[];
  /** Paths of Sequentials. */
  readonly sequentials: readonly string[];
  readonly head: string;
  /** Substrings that occur in some parameter names. */
  readonly words: readonly string[];
  /** Methods of its class that freeze or unfreeze. */
  readonly methods: readonly string[];
  /** Inner width for layers put in as replacements. */
  readonly width: number;
}

class Writer {
  readonly lines: string[] = [];
  readonly idioms = new Set<string>();
  indent = '';
  #count = 0;

  line(text: string): void {
    for (const part of text.split('\n')) this.lines.push(part === '' ? '' : this.indent + part);
  }

  block(header: string, body: () => void): void {
    this.line(header);
    const saved = this.indent;
    this.indent = `${saved}    `;
    const before = this.lines.length;
    body();
    if (this.lines.length === before) this.line('pass');
    this.indent = saved;
  }

  use(idiom: string): void {
    this.idioms.add(idiom);
  }

  fresh(stem: string): string {
    this.#count++;
    return `${stem}${this.#count}`;
  }
}

const PRELUDE = `import copy
import itertools
import re
from collections import OrderedDict
import torch
import torch.nn as nn
from torch.optim import SGD, Adam`;

/** Writes the program of a seed. */
export function generate(seed: number): Program {
  const random = new Random(seed);
  const out = new Writer();
  out.line(PRELUDE);
  const flags = ['FLAG_A', 'FLAG_B'].slice(0, random.pick([0, 0, 1, 1, 2]));
  if (flags.length > 0) out.line(`from settings import ${flags.join(', ')}`);
  out.line('');
  const helpers = writeHelpers(random, out);
  const classes = [writeClass(random, out, 'Net')];
  if (random.chance(0.3)) classes.push(writeClass(random, out, 'Other'));
  const models: Model[] = [];
  const count = random.pick([1, 1, 1, 2]);
  for (let index = 0; index < count; index++) {
    const make = random.pick(classes);
    models.push(make(index === 0 ? 'model' : 'second'));
  }
  const scene: Scene = { random, out, models, flags, helpers, optimizers: [], depth: 0 };
  const wrap = random.chance(0.2);
  const body = (): void => {
    const length = 2 + random.below(7);
    for (let index = 0; index < length; index++) writeStatement(scene);
    if (scene.optimizers.length === 0 || random.chance(0.3)) writeOptimizer(scene);
    const after = random.below(3);
    for (let index = 0; index < after; index++) writeStatement(scene);
  };
  if (wrap) {
    out.use('function main');
    const names = models.map(({ name }) => name).join(', ');
    out.block(`def main(${names}):`, () => {
      body();
      const results = scene.optimizers.length > 0 ? scene.optimizers[0] : 'None';
      out.line(`return ${results}`);
    });
    out.line(`optimizer = main(${names})`);
  } else body();
  return { seed, text: `${out.lines.join('\n')}\n`, flags, idioms: [...out.idioms] };
}

interface Scene {
  readonly random: Random;
  readonly out: Writer;
  models: Model[];
  readonly flags: readonly string[];
  readonly helpers: readonly Helper[];
  readonly optimizers: string[];
  depth: number;
}

// --------------------------------------------------------------------------- helpers

interface Helper {
  /** A call of the helper on a module expression. */
  call(target: string, value: string): string;
}

function writeHelpers(random: Random, out: Writer): readonly Helper[] {
  const helpers: Helper[] = [];
  if (random.chance(0.5)) {
    out.block('def set_grad(module, value=False):', () => {
      if (random.chance(0.5)) {
        out.block('for p in module.parameters():', () => out.line('p.requires_grad = value'));
      } else out.line('module.requires_grad_(value)');
    });
    out.line('');
    helpers.push({
      call: (target, value) =>
        random.pick([`set_grad(${target}, ${value})`, `set_grad(module=${target}, value=${value})`]),
    });
  }
  if (random.chance(0.3)) {
    out.block('def freeze(*modules):', () => {
      out.block('for module in modules:', () => {
        out.block('for p in module.parameters():', () => out.line('p.requires_grad = False'));
      });
    });
    out.line('');
    helpers.push({ call: (target) => `freeze(${target})` });
  }
  if (random.chance(0.25)) {
    out.block('def freeze_matching(module, *words):', () => {
      out.block('for name, p in module.named_parameters():', () => {
        out.block('if any(word in name for word in words):', () => out.line('p.requires_grad = False'));
      });
      out.line('return module');
    });
    out.line('');
    helpers.push({ call: (target) => `freeze_matching(${target}, 'bias', 'fc')` });
  }
  if (random.chance(0.25)) {
    out.block('def freeze_deep(module, value=False):', () => {
      out.block('for child in module.children():', () => out.line('freeze_deep(child, value)'));
      out.block('for p in module.parameters(recurse=False):', () => out.line('p.requires_grad = value'));
    });
    out.line('');
    helpers.push({ call: (target, value) => `freeze_deep(${target}, ${value})` });
  }
  if (random.chance(0.25)) {
    out.block('def freeze_norms(module):', () => {
      out.block('if isinstance(module, (nn.BatchNorm1d, nn.LayerNorm)):', () => {
        out.block('for p in module.parameters():', () => out.line('p.requires_grad = False'));
      });
    });
    out.line('');
    helpers.push({ call: (target) => `${target}.apply(freeze_norms)` });
  }
  if (random.chance(0.2)) {
    out.line('toggle = lambda module, value: [p.requires_grad_(value) for p in module.parameters()]');
    out.line('');
    helpers.push({ call: (target, value) => `toggle(${target}, ${value})` });
  }
  return helpers;
}

// --------------------------------------------------------------------------- classes

function writeClass(random: Random, out: Writer, name: string): (variable: string) => Model {
  const parts: string[] = [];
  const sequentials: string[] = [];
  const words: string[] = ['weight', 'bias'];
  const methods: string[] = [];
  const norm = random.pick(['nn.BatchNorm1d(4)', 'nn.LayerNorm(4)', 'nn.Dropout(0.1)', 'nn.Identity()']);
  const withDepth = random.chance(0.3);
  const head = random.pick(['fc', 'head', 'classifier']);
  const base = random.chance(0.15) ? 'Base' : 'nn.Module';
  if (base === 'Base') {
    out.block(`class Base${name}(nn.Module):`, () => {
      out.block('def __init__(self, width=4):', () => {
        out.line('super().__init__()');
        out.line('self.stem = nn.Linear(width, width)');
      });
    });
    out.line('');
    parts.push('stem');
    words.push('stem');
    out.use('inheritance');
  }
  out.block(`class ${name}(${base === 'Base' ? `Base${name}` : base}):`, () => {
    out.block(`def __init__(self, width=4${withDepth ? ', depth=2' : ''}):`, () => {
      out.line(
        random.pick(
          base === 'Base'
            ? ['super().__init__(width)', 'super().__init__()']
            : ['super().__init__()', `super(${name}, self).__init__()`],
        ),
      );
      const layers = ['nn.Linear(width, width)', norm, 'nn.ReLU()', 'nn.Linear(width, width, bias=False)'];
      switch (random.below(4)) {
        case 0:
          out.line(`self.features = nn.Sequential(${layers.join(', ')})`);
          parts.push('features', 'features[0]', 'features[-1]', 'features[3]');
          sequentials.push('features');
          words.push('features', 'features.0', 'features.3');
          break;
        case 1:
          out.line(
            `self.features = nn.Sequential(OrderedDict([('conv', ${layers[0]}), ('norm', ${norm}), ('out', ${layers[3]})]))`,
          );
          parts.push('features', 'features.conv', 'features.out');
          sequentials.push('features');
          words.push('features', 'conv', 'features.out');
          out.use('OrderedDict');
          break;
        case 2:
          out.line('layers = []');
          out.block('for i in range(3):', () => {
            out.line('layers.append(nn.Linear(width, width))');
            if (random.chance(0.5)) out.line('layers.append(nn.ReLU())');
          });
          out.line('self.features = nn.Sequential(*layers)');
          parts.push('features', 'features[0]');
          sequentials.push('features');
          words.push('features', 'features.0');
          out.use('*layers');
          break;
        default:
          out.line(`self.features = nn.Sequential()`);
          out.line(`self.features.add_module('conv', ${layers[0]})`);
          out.line(`self.features.add_module('last', ${layers[3]})`);
          parts.push('features', 'features.conv');
          sequentials.push('features');
          words.push('conv', 'last');
          out.use('add_module');
      }
      if (random.chance(0.6)) {
        const list = withDepth
          ? 'nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])'
          : random.pick([
              'nn.ModuleList([nn.Linear(width, width), nn.Linear(width, width)])',
              'nn.ModuleList(nn.Linear(width, width) for _ in range(2))',
            ]);
        out.line(`self.blocks = ${list}`);
        parts.push('blocks', 'blocks[0]', 'blocks[1]');
        words.push('blocks', 'blocks.1');
        out.use('ModuleList');
      }
      if (random.chance(0.2)) {
        out.line(
          "self.branches = nn.ModuleDict({'left': nn.Linear(width, width), 'right': nn.Linear(width, 2)})",
        );
        parts.push('branches', "branches['left']", 'branches.right');
        words.push('branches', 'left');
        out.use('ModuleDict');
      }
      if (random.chance(0.2)) {
        out.line(
          random.pick([
            'self.lstm = nn.LSTM(width, width)',
            'self.attention = nn.MultiheadAttention(width, 2)',
            'self.lstm = nn.GRU(width, width, bidirectional=True)',
            'self.lstm = nn.LSTM(width, width, bias=False)',
          ]),
        );
        words.push('lstm', 'weight_ih', 'attention');
        out.use('composite layer');
      }
      if (random.chance(0.2)) {
        out.line(
          random.pick([
            'self.scale = nn.Parameter(torch.ones(1))',
            'self.scale = nn.Parameter(torch.ones(1), requires_grad=False)',
            "self.register_parameter('scale', nn.Parameter(torch.ones(3)))",
          ]),
        );
        words.push('scale');
        out.use('nn.Parameter');
      }
      if (random.chance(0.2)) out.line("self.register_buffer('mean', torch.zeros(4))");
      out.line(`self.${head} = nn.Linear(width, 2)`);
      parts.push(head);
      words.push(head);
      if (random.chance(0.15)) {
        out.line(`self.tied = nn.Linear(width, 2, bias=False)`);
        out.line(`self.tied.weight = self.${head}.weight`);
        words.push('tied');
        out.use('tying');
      }
      if (random.chance(0.15)) {
        out.line(
          random.pick([
            'self.features.requires_grad_(False)',
            'for p in self.features.parameters():\n    p.requires_grad = False',
            `self.apply(self._init) if hasattr(self, '_init') else None`,
          ]),
        );
        out.use('freeze in __init__');
      }
    });
    out.line('');
    out.block('def forward(self, x):', () => out.line(`return self.${head}(self.features(x))`));
    if (random.chance(0.4)) {
      out.line('');
      out.block('def freeze_features(self, flag=False):', () => {
        out.block('for p in self.features.parameters():', () => out.line('p.requires_grad = flag'));
      });
      methods.push('freeze_features()', 'freeze_features(True)', 'freeze_features(flag=False)');
    }
    if (random.chance(0.25)) {
      out.line('');
      out.block('def unfreeze_all(self):', () => {
        out.line('self.requires_grad_(True)');
        out.line('return self');
      });
      methods.push('unfreeze_all()');
    }
  });
  out.line('');
  return (variable) => {
    const argument = random.pick(withDepth ? ['', '', 'depth=3', '4, 2'] : ['', '', 'width=4', '4']);
    out.line(`${variable} = ${name}(${argument})`);
    return { name: variable, parts, sequentials, head, words, methods, width: 4 };
  };
}

// -------------------------------------------------------------------------- statements

function writeStatement(scene: Scene): void {
  const { random, out, flags } = scene;
  const model = random.pick(scene.models);
  const roll = random.below(100);
  if (scene.depth < 2 && roll < 8 && flags.length > 0) {
    out.use('unknown branch');
    scene.depth++;
    out.block(`if ${random.pick(flags)}:`, () => writeSimple(scene, model));
    if (random.chance(0.5)) out.block('else:', () => writeSimple(scene, random.pick(scene.models)));
    scene.depth--;
    return;
  }
  if (scene.depth < 2 && roll < 13) {
    out.use('epoch loop');
    scene.depth++;
    out.block(`for epoch in range(${random.pick(['2', '3', '6'])}):`, () => {
      if (random.chance(0.6))
        out.block(`if epoch ${random.pick(['== 1', '> 0', '== 0', '% 2 == 1', '== 99'])}:`, () =>
          writeFreeze(scene, model),
        );
      else writeFreeze(scene, model);
    });
    scene.depth--;
    return;
  }
  if (scene.depth < 2 && roll < 16) {
    out.use('known branch');
    scene.depth++;
    const name = out.fresh('mode');
    out.line(`${name} = ${random.pick(['True', 'False', "'full'", 'None', '0'])}`);
    out.block(`if ${random.pick([name, `not ${name}`, `${name} == 'full'`, `${name} is None`])}:`, () =>
      writeSimple(scene, model),
    );
    if (random.chance(0.4)) out.block('else:', () => writeSimple(scene, model));
    scene.depth--;
    return;
  }
  if (scene.depth < 2 && roll < 18) {
    out.use('try');
    scene.depth++;
    out.block('try:', () => writeFreeze(scene, model));
    out.block('except ValueError:', () => out.line('pass'));
    scene.depth--;
    return;
  }
  if (roll < 28) writeOptimizer(scene);
  else writeSimple(scene, model);
}

function writeSimple(scene: Scene, model: Model): void {
  const { random } = scene;
  const roll = random.below(100);
  if (roll < 62) writeFreeze(scene, model);
  else if (roll < 88) writeIdentity(scene, model);
  else if (scene.optimizers.length > 0) writeExtend(scene, model);
  else writeFreeze(scene, model);
}

const target = ({ random }: Scene, model: Model): string =>
  random.chance(0.35) ? model.name : `${model.name}.${random.pick(model.parts)}`;

/** A freeze or unfreeze in one of many spellings. */
function writeFreeze(scene: Scene, model: Model): void {
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

/** New layers, aliases, copies, ties. */
function writeIdentity(scene: Scene, model: Model): void {
  const { random, out } = scene;
  const { name, head } = model;
  const idioms: readonly (readonly [string, () => void])[] = [
    [
      'replace head',
      () =>
        out.line(
          `${name}.${head} = ${random.pick(['nn.Linear(4, 3)', 'nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 3))', 'nn.Linear(4, 5, bias=False)', 'nn.Identity()'])}`,
        ),
    ],
    ['new attribute', () => out.line(`${name}.extra = nn.Linear(4, 4)`)],
    [
      'new Parameter',
      () =>
        out.line(
          `${name}.features[0].weight = nn.Parameter(torch.zeros(4, 4)${random.pick(['', ', requires_grad=False'])})`,
        ),
    ],
    ['data assignment', () => out.line(`${name}.features[0].weight.data = torch.zeros(4, 4)`)],
    ['to', () => out.line(`${name} = ${name}.to('cpu')`)],
    ['train and eval', () => out.line(random.pick([`${name}.eval()`, `${name}.train()`]))],
    [
      'deepcopy',
      () => {
        const copy = out.fresh('copied');
        out.line(`${copy} = copy.deepcopy(${name})`);
        scene.models.push({ ...model, name: copy });
      },
    ],
    [
      'alias',
      () => {
        const alias = out.fresh('alias');
        out.line(`${alias} = ${name}.${random.pick(model.parts)}`);
        out.line(`${alias}.requires_grad_(${random.pick(['True', 'False'])})`);
      },
    ],
    [
      'Sequential of children',
      () => {
        const backbone = out.fresh('backbone');
        out.line(`${backbone} = nn.Sequential(*list(${name}.children())[:-1])`);
        out.block(`for p in ${backbone}.parameters():`, () =>
          out.line(`p.requires_grad = ${random.pick(['True', 'False'])}`),
        );
      },
    ],
    ['load_state_dict', () => out.line(`${name}.load_state_dict(${name}.state_dict())`)],
    ['tie', () => out.line(`${name}.${head}.bias = ${name}.${head}.weight`)],
    [
      'DataParallel',
      () => {
        const wrapped = out.fresh('wrapped');
        out.line(`${wrapped} = nn.DataParallel(${name})`);
        out.line(
          random.pick([
            `${wrapped}.module.${head}.requires_grad_(False)`,
            `${wrapped}.requires_grad_(False)`,
            `for name, p in ${wrapped}.named_parameters():\n    if name.startswith('module.features'):\n        p.requires_grad = False`,
          ]),
        );
      },
    ],
    ['setattr module', () => out.line(`setattr(${name}, '${head}', nn.Linear(4, 2))`)],
    ['delete', () => out.line(`${name}.dropped = nn.Linear(4, 4)\ndel ${name}.dropped`)],
    ['None', () => out.line(`${name}.${head}.bias = None`)],
  ];
  const [idiom, write] = random.pick(idioms);
  if (scene.depth > 0 && ['deepcopy', 'alias', 'DataParallel', 'Sequential of children'].includes(idiom)) {
    writeFreeze(scene, model);
    return;
  }
  out.use(idiom);
  write();
}

// -------------------------------------------------------------------------- optimizers

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

function writeOptimizer(scene: Scene): void {
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
  if (random.chance(0.15)) {
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
function writeExtend(scene: Scene, model: Model): void {
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
