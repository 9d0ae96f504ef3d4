/** What a file's import statements name, found without parsing it: most imported files are never needed in full. */

/** `from module import names`, or `import module` (then no names). */
export interface ImportStatement {
  /** As written, leading dots included. */
  readonly module: string;
  readonly names: readonly string[];
}

const statement =
  /^[ \t]*(?:from[ \t]+(\.[.\s]*[^\s(]*|[^\s.(][^\s(]*)\s+import\b[ \t]*(\([^)]*\)|(?:[^\n\\;]|\\\r?\n|\\)*)|import[ \t]+((?:[^\n\\;]|\\\r?\n)*))/gm;

/**
 * The import statements of a text. May also find some in strings, which does no harm: what is named there is read and
 * never used.
 */
export function importStatements(text: string): readonly ImportStatement[] {
  const found: ImportStatement[] = [];
  for (const [, module, names, modules] of text.matchAll(statement)) {
    if (module !== undefined) found.push({ module: module.replace(/\s+/g, ''), names: namesIn(names ?? '') });
    else for (const name of namesIn(modules ?? '')) found.push({ module: name, names: [] });
  }
  return found;
}

/** `(a, b as c)  # why` names a and b. */
function namesIn(list: string): string[] {
  return list
    .replace(/#[^\n]*/g, '')
    .replace(/[()\\*]/g, ' ')
    .split(',')
    .flatMap((item) => /^\s*([^\s]+)/.exec(item)?.[1] ?? []);
}

/** Every dotted name that a statement may lead to a file by, outer ones first: `a`, `a.b`, and `a.b.c` for a name c. */
export function dottedNames({ module, names }: ImportStatement): readonly string[] {
  const dots = /^\.*/.exec(module)?.[0] ?? '';
  const parts = module.slice(dots.length).split('.').filter(Boolean);
  const whole = parts.map((_, index) => dots + parts.slice(0, index + 1).join('.'));
  if (dots !== '') whole.unshift(dots);
  return [...whole, ...names.map((name) => (module.endsWith('.') ? module + name : `${module}.${name}`))];
}
