/** Functions that freeze what they are handed. */
import type { Random } from '../random.ts';
import type { Helper, Writer } from './writer.ts';

export function writeHelpers(random: Random, out: Writer): readonly Helper[] {
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
