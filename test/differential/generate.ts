/**
 * Random PyTorch programs: models, freeze idioms, replacements, aliases, ties, optimizers, helpers, methods,
 * epoch loops and branches on flags nobody knows. Every program is small, runs on the CPU in a few
 * milliseconds, and uses only what a person might write.
 */
import { writeCrash } from './generator/crashes.ts';
import { inFileOfItsOwn, PRELUDE } from './generator/files.ts';
import { writeBuilder, writeHelpers } from './generator/helpers.ts';
import { writeClass } from './generator/model-classes.ts';
import { writeOptimizer } from './generator/optimizers.ts';
import { writeStatement } from './generator/statements.ts';
import { type Model, type Scene, Writer } from './generator/writer.ts';
import { Random } from './random.ts';

export interface Program {
  readonly seed: number;
  readonly text: string;
  /** The files that it imports, by their paths. */
  readonly files: Readonly<Record<string, string>>;
  /** Names of the unknown flags it imports from `settings`. */
  readonly flags: readonly string[];
  /** Those among them that it counts or indexes with, so that they may be any number. */
  readonly numbers: readonly string[];
  /** The idioms it uses, for figures by construct. */
  readonly idioms: readonly string[];
}

/** Writes the program of a seed. */
export function generate(seed: number): Program {
  const random = new Random(seed);
  const out = new Writer();
  out.line(PRELUDE);
  const flags = ['FLAG_A', 'FLAG_B'].slice(0, random.pick([0, 0, 1, 1, 2]));
  if (flags.length > 0) out.line(`from settings import ${flags.join(', ')}`);
  out.line('');
  const files = new Map<string, string>();
  const apart = random.chance(0.2) ? random.pick(['helpers', 'models', 'builders'] as const) : null;
  const helpers =
    apart === 'helpers'
      ? inFileOfItsOwn(random, out, files, apart, (file, prefix) => writeHelpers(random, file, prefix))
      : writeHelpers(random, out);
  const build =
    apart === 'builders'
      ? inFileOfItsOwn(random, out, files, apart, (file, prefix) => writeBuilder(random, file, prefix))
      : null;
  const models =
    apart === 'models'
      ? inFileOfItsOwn(random, out, files, apart, (file, prefix) => writeModels(random, out, file, prefix))()
      : writeModels(random, out, out, '')();
  const scene: Scene = { random, out, models, flags, helpers, build, optimizers: [], depth: 0 };
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
  if (random.chance(0.1)) writeCrash(scene);
  const text = `${out.lines.join('\n')}\n`;
  const numbers = flags.filter((flag) =>
    new RegExp(`int\\(${flag}\\)|\\+ ${flag}|[\\])]\\[${flag}\\]`).test(text),
  );
  return { seed, text, files: Object.fromEntries(files), flags, numbers, idioms: [...out.idioms] };
}

/**
 * Defines classes of models in `file`, and now and then makes the first model there; the result makes the models of the
 * program in `out`.
 */
function writeModels(random: Random, out: Writer, file: Writer, prefix: string): () => Model[] {
  const classes = [writeClass(random, file, 'Net')];
  if (random.chance(0.3)) classes.push(writeClass(random, file, 'Other'));
  const ready = file !== out && random.chance(0.3) ? random.pick(classes)(file, 'model') : null;
  return () => {
    const models: Model[] = ready ? [ready] : [];
    if (ready && prefix !== '') out.line(`model = ${prefix}model`);
    const count = random.pick([1, 1, 1, 2]);
    while (models.length < count) {
      models.push(random.pick(classes)(out, models.length === 0 ? 'model' : 'second', prefix));
    }
    return models;
  };
}
