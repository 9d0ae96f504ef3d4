/**
 * Random PyTorch programs: models, freeze idioms, replacements, aliases, ties, optimizers, helpers, methods,
 * epoch loops and branches on flags nobody knows. Every program is small, runs on the CPU in a few
 * milliseconds, and uses only what a person might write.
 */
import { writeCrash } from './generator/crashes.ts';
import { writeHelpers } from './generator/helpers.ts';
import { writeClass } from './generator/model-classes.ts';
import { writeOptimizer } from './generator/optimizers.ts';
import { writeStatement } from './generator/statements.ts';
import { type Model, type Scene, Writer } from './generator/writer.ts';
import { Random } from './random.ts';

export interface Program {
  readonly seed: number;
  readonly text: string;
  /** Names of the unknown flags it imports from `settings`. */
  readonly flags: readonly string[];
  /** The idioms it uses, for figures by construct. */
  readonly idioms: readonly string[];
}

const PRELUDE = `import collections
import contextlib
import copy
import functools
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
  if (random.chance(0.1)) writeCrash(scene);
  return { seed, text: `${out.lines.join('\n')}\n`, flags, idioms: [...out.idioms] };
}
