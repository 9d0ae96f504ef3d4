/** Functions that freeze what they are handed. */
import type { Random } from '../random.ts';
import type { Helper, Writer } from './writer.ts';

/** Defines some of them; they are called with `prefix` before their names, such as `helpers.`. */
export function writeHelpers(random: Random, out: Writer, prefix = ''): readonly Helper[] {
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
        `${prefix}set_grad(${random.pick([`${target}, ${value}`, `module=${target}, value=${value}`])})`,
    });
  }
  if (random.chance(0.3)) {
    out.block('def freeze(*modules):', () => {
      out.block('for module in modules:', () => {
        out.block('for p in module.parameters():', () => out.line('p.requires_grad = False'));
      });
    });
    out.line('');
    helpers.push({ call: (target) => `${prefix}freeze(${target})` });
  }
  if (random.chance(0.25)) {
    out.block('def freeze_matching(module, *words):', () => {
      out.block('for name, p in module.named_parameters():', () => {
        out.block('if any(word in name for word in words):', () => out.line('p.requires_grad = False'));
      });
      out.line('return module');
    });
    out.line('');
    helpers.push({ call: (target) => `${prefix}freeze_matching(${target}, 'bias', 'fc')` });
  }
  if (random.chance(0.25)) {
    out.block('def freeze_deep(module, value=False):', () => {
      out.block('for child in module.children():', () => out.line('freeze_deep(child, value)'));
      out.block('for p in module.parameters(recurse=False):', () => out.line('p.requires_grad = value'));
    });
    out.line('');
    helpers.push({ call: (target, value) => `${prefix}freeze_deep(${target}, ${value})` });
  }
  if (random.chance(0.25)) {
    out.block('def freeze_norms(module):', () => {
      out.block('if isinstance(module, (nn.BatchNorm1d, nn.LayerNorm)):', () => {
        out.block('for p in module.parameters():', () => out.line('p.requires_grad = False'));
      });
    });
    out.line('');
    helpers.push({ call: (target) => `${target}.apply(${prefix}freeze_norms)` });
  }
  if (random.chance(0.2)) {
    out.line('toggle = lambda module, value: [p.requires_grad_(value) for p in module.parameters()]');
    out.line('');
    helpers.push({ call: (target, value) => `${prefix}toggle(${target}, ${value})` });
  }
  return helpers;
}

/** Defines a function that builds an optimizer, and gives a call of it. */
export function writeBuilder(random: Random, out: Writer, prefix: string): (module: string) => string {
  const kind = random.pick(['SGD', 'Adam']);
  out.block(`def build_optimizer(module, kind=${kind}, lr=0.1):`, () => {
    out.line(
      random.pick([
        'params = [p for p in module.parameters() if p.requires_grad]',
        'params = filter(lambda p: p.requires_grad, module.parameters())',
        'params = module.parameters()',
        "params = [{'params': [p]} for p in module.parameters() if p.requires_grad]",
        "params = [{'params': [p for n, p in module.named_parameters() if n.endswith(SUFFIX)], 'lr': lr}]",
      ]),
    );
    out.line('return kind(params, lr=lr)');
  });
  out.line('');
  out.line(`SUFFIX = '${random.pick(['weight', 'bias'])}'`);
  return (module) =>
    `${prefix}build_optimizer(${module}${random.pick(['', ', lr=0.01', ', Adam', ', kind=SGD'])})`;
}
