import { writeFreeze } from './freezes.ts';
import type { Model, Scene } from './writer.ts';

/** New layers, aliases, copies, ties. */
export function writeIdentity(scene: Scene, model: Model): void {
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
