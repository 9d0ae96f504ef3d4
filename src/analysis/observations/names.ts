/** How the program calls an object at the place that is being run. */

import type { Interpreter } from '../interpreter.ts';
import type { ListObject } from '../state/heap.ts';
import type { ObjectId, ScopeId, Value } from '../state/values.ts';

/**
 * How deep under a variable an object is looked for: `self.trainer.model.fc` is four names. No budget of the analysis:
 * what lies deeper goes without a name in messages.
 */
const MAX_DEPTH = 4;

interface Named {
  readonly name: string;
  readonly id: ObjectId;
}

/** A Python expression by which a scope reaches an object, the shortest one; null where there is none. */
export function nameOf(
  run: Interpreter,
  id: ObjectId,
  scopes: readonly ScopeId[] = run.scopes,
): string | null {
  for (const level of levels(run, scopes)) {
    const found = level.find((candidate) => candidate.id === id);
    if (found) return found.name;
  }
  return null;
}

/** Every object that the present scope reaches, each by its shortest name. */
export function namesInSight(run: Interpreter): readonly Named[] {
  const found = new Map<ObjectId, Named>();
  for (const level of levels(run, run.scopes)) {
    for (const named of level) if (!found.has(named.id)) found.set(named.id, named);
  }
  return [...found.values()];
}

/** What can be named with no dot, with one, with two... */
function* levels(run: Interpreter, scopes: readonly ScopeId[]): Generator<readonly Named[]> {
  const visible: { name: string; value: Value }[] = [];
  const seen = new Set<string>();
  for (const scope of [...scopes].reverse()) {
    const prefix = `${scope}:`;
    for (const [key, value] of run.state.variables.entries()) {
      if (!key.startsWith(prefix)) continue;
      const name = key.slice(prefix.length);
      if (seen.has(name) || !IDENTIFIER.test(name)) continue;
      seen.add(name);
      visible.push({ name, value });
    }
  }
  let level: Named[] = [];
  for (const { name, value } of visible) {
    for (const option of value.kind === 'union' ? value.options : [value]) {
      if (option.kind === 'reference') level.push({ name, id: option.id });
    }
  }
  const visited = new Set<ObjectId>();
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    yield level;
    const next: Named[] = [];
    for (const { name, id: owner } of level) {
      if (visited.has(owner)) continue;
      visited.add(owner);
      const object = run.state.heap.get(owner);
      if (object?.kind === 'module') {
        for (const [child, options] of object.children) {
          for (const option of options) {
            if (option !== null) next.push({ name: `${name}${childStep(object, child)}`, id: option });
          }
        }
      }
      if (object?.kind !== 'module' && object?.kind !== 'instance') continue;
      for (const [attribute, value] of object.attributes) {
        if (value.kind !== 'reference') continue;
        next.push({ name: `${name}.${attribute}`, id: value.id });
        const list = run.state.heap.get(value.id);
        if (list?.kind === 'list') next.push(...itemsOf(list, `${name}.${attribute}`));
      }
    }
    level = next;
  }
}

/** The items of a list up to the first one whose place depends on the path. */
function itemsOf({ items }: ListObject, name: string): readonly Named[] {
  const unsure = items.findIndex(({ multiplicity }) => multiplicity !== 'one');
  return items
    .slice(0, unsure < 0 ? items.length : unsure)
    .flatMap(({ value }, index) =>
      value.kind === 'reference' ? [{ name: `${name}[${index}]`, id: value.id }] : [],
    );
}

/** A name of Python: letters of any script, digits and underscores. */
export const IDENTIFIER = /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u;

/**
 * How a program reaches a child of a module: the layers of an nn.Sequential or nn.ModuleList have numbers for names,
 * `backbone[0]`, and those of an nn.ModuleDict may have any, `parts["0"]`.
 */
export function childStep({ className }: { readonly className: string }, child: string): string {
  if (IDENTIFIER.test(child)) return `.${child}`;
  const quoted = `[${JSON.stringify(child)}]`;
  if (className === 'ModuleDict') return quoted;
  return /^\d+$/.test(child) ? `[${child}]` : `._modules${quoted}`;
}
