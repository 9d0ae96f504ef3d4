/** Classes of models, small and varied. */
import type { Random } from '../random.ts';
import type { Model, Writer } from './writer.ts';

export type MakeModel = (out: Writer, variable: string, prefix?: string) => Model;

/** Defines a class and gives what makes a model of it, with `prefix` before the name of the class. */
export function writeClass(random: Random, out: Writer, name: string): MakeModel {
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
  return (out, variable, prefix = '') => {
    const argument = random.pick(withDepth ? ['', '', 'depth=3', '4, 2'] : ['', '', 'width=4', '4']);
    out.line(`${variable} = ${prefix}${name}(${argument})`);
    return { name: variable, parts, sequentials, head, words, methods, width: 4 };
  };
}
