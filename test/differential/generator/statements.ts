/** Statements: simple ones, and those that hold others. */
import { writeForm } from './forms.ts';
import { writeFreeze } from './freezes.ts';
import { writeIdentity } from './identities.ts';
import { writeExtend, writeOptimizer } from './optimizers.ts';
import type { Model, Scene } from './writer.ts';

export function writeStatement(scene: Scene): void {
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
  else if (roll < 45) writeForm(scene, model);
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
