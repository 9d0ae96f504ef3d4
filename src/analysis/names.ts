/** How the program calls an object at the place that is being run. */
import type { Interpreter } from './interpreter.ts';
import type { ObjectId, Value } from './values.ts';

/** How deep under a variable an object is looked for: `self.trainer.model.fc` is four names. */
const MAX_DEPTH = 4;

/** A dotted name by which the present scope reaches an object, the shortest one; null where there is none. */
export function nameOf(run: Interpreter, id: ObjectId): string | null {
  const visible: { name: string; value: Value }[] = [];
  const seen = new Set<string>();
  for (const scope of [...run.scopes].reverse()) {
    const prefix = `${scope}:`;
    for (const [key, value] of run.state.variables.entries()) {
      if (!key.startsWith(prefix)) continue;
      const name = key.slice(prefix.length);
      if (seen.has(name) || !/^\w+$/.test(name)) continue;
      seen.add(name);
      visible.push({ name, value });
    }
  }
  let level: { name: string; id: ObjectId }[] = [];
  for (const { name, value } of visible) {
    for (const option of value.kind === 'union' ? value.options : [value]) {
      if (option.kind === 'reference') level.push({ name, id: option.id });
    }
  }
  const visited = new Set<ObjectId>();
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const found = level.find((candidate) => candidate.id === id);
    if (found) return found.name;
    const next: { name: string; id: ObjectId }[] = [];
    for (const { name, id: owner } of level) {
      if (visited.has(owner)) continue;
      visited.add(owner);
      const object = run.state.heap.get(owner);
      if (object?.kind === 'module') {
        for (const [child, options] of object.children) {
          for (const option of options)
            if (option !== null) next.push({ name: `${name}.${child}`, id: option });
        }
      }
      if (object?.kind !== 'module' && object?.kind !== 'instance') continue;
      for (const [attribute, value] of object.attributes) {
        if (value.kind === 'reference') next.push({ name: `${name}.${attribute}`, id: value.id });
      }
    }
    level = next;
  }
  return null;
}
