/** Programs of several files: what one file defines and another imports, in the ways that people import. */
import type { Random } from '../random.ts';
import { Writer } from './writer.ts';

export const PRELUDE = `import collections
import contextlib
import copy
import dataclasses
import functools
import itertools
import operator
import random
import re
import threading
import timeit
from collections import OrderedDict
import torch
import torch.nn as nn
from torch.optim import SGD, Adam`;

/**
 * Writes definitions into a file of their own and its import into `out`. `write` is told what stands before the names
 * where they are used. The text goes into `files`, by its path.
 */
export function inFileOfItsOwn<T>(
  random: Random,
  out: Writer,
  files: Map<string, string>,
  name: string,
  write: (file: Writer, prefix: string) => T,
): T {
  const style = random.pick([
    'names',
    'names',
    'everything',
    'module',
    'alias',
    'package',
    'reexported',
  ] as const);
  const isPackage = style === 'package' || style === 'reexported';
  const prefix = style === 'module' ? `${name}.` : style === 'alias' ? 'other.' : '';
  const file = new Writer(out);
  file.line(PRELUDE);
  file.line('');
  const result = write(file, prefix);
  files.set(isPackage ? `parts/${name}.py` : `${name}.py`, `${file.lines.join('\n')}\n`);
  const names = file.lines
    .flatMap((line) => /^(?:def |class )?(\w+)(?: =|\(|:)/.exec(line)?.[1] ?? [])
    .join(', ');
  if (isPackage)
    files.set('parts/__init__.py', style === 'reexported' ? `from .${name} import ${names}\n` : '');
  out.use(`import of ${style}`);
  const imports = {
    names: `from ${name} import ${names}`,
    everything: `from ${name} import *`,
    module: `import ${name}`,
    alias: `import ${name} as other`,
    package: `from parts.${name} import ${names}`,
    reexported: `from parts import ${names}`,
  };
  if (names !== '') out.line(imports[style]);
  return result;
}
