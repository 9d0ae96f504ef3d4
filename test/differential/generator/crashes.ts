/** Freeze statements that raise: `parameters()` misused, a flag that is no bool, the flag of a slice. */
import { type Scene, target } from './writer.ts';

/** Ends the program with one of them, now and then where only some of its worlds come by. */
export function writeCrash(scene: Scene): void {
  const { random, out, flags } = scene;
  const model = random.pick(scene.models);
  const module = target(scene, model);
  const weight = `next(${model.name}.parameters())`;
  const forms: readonly (readonly [string, string])[] = [
    ['parameters not called', `for p in ${module}.parameters:\n    p.requires_grad = False`],
    ['optimizer over the method', `broken = SGD(${module}.parameters, lr=0.1)`],
    ['filter over the method', `broken = list(filter(lambda p: p.requires_grad, ${module}.parameters))`],
    ['parameters indexed', `${module}.parameters()[0].requires_grad = False`],
    ['length of parameters', `print(len(${module}.parameters()))`],
    ['sum of parameters', `broken = SGD(${module}.parameters() + ${model.name}.parameters(), lr=0.1)`],
    ['children reversed', `for child in reversed(${model.name}.children()):\n    child.eval()`],
    ['flag of the generator', `${module}.parameters().requires_grad = False`],
    ['method of the generator', `${module}.parameters().requires_grad_(False)`],
    ['named parameters not unpacked', `for p in ${module}.named_parameters():\n    p.requires_grad = False`],
    ['filter over pairs', `broken = list(filter(lambda p: p.requires_grad, ${module}.named_parameters()))`],
    ['parameters unpacked', `for n, p in ${module}.parameters():\n    p.requires_grad = False`],
    ['modules unpacked', `for n, m in ${model.name}.modules():\n    m.eval()`],
    [
      'flag is no bool',
      `for p in ${module}.parameters():\n    p.requires_grad = ${random.pick(['0', 'None', "'False'", '~True'])}`,
    ],
    ['flag of the method is no bool', `${module}.requires_grad_(${random.pick(['0', "'False'", 'None'])})`],
    [
      'flag is a match',
      `for n, p in ${module}.named_parameters():\n    p.requires_grad = re.search('weight', n)`,
    ],
    ['flag of a slice', `${weight}[:1].requires_grad = False`],
    ['flag of a result', `broken = ${weight} * 2\nbroken.requires_grad_(False)`],
  ];
  const [idiom, text] = random.pick(forms);
  out.use(`crash: ${idiom}`);
  if (flags.length > 0 && random.chance(0.3)) out.block(`if ${random.pick(flags)}:`, () => out.line(text));
  else out.line(text);
}
