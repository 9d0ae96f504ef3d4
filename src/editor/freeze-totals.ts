/** How much of a model trains, and in which of its parts. */
import type { FreezeNode } from '../analysis/places/freeze-tree.ts';
import type { ParameterSnapshot } from '../analysis/places/snapshot.ts';
import { amount, type Words } from './wording.ts';

/** A number of tensors and of scalars in them; null scalars where a size is unknown. */
export interface Totals {
  readonly tensors: number;
  readonly size: number | null;
}

export function totalsOf(parameters: Iterable<ParameterSnapshot>): Totals {
  let tensors = 0;
  let size: number | null = 0;
  for (const parameter of parameters) {
    tensors++;
    size = size === null || parameter.size === null ? null : size + parameter.size;
  }
  return { tensors, size };
}

/** `2 of 62 tensors · 5,130 of 11.7M parameters`. */
export function share({ translate }: Words, part: Totals, whole: Totals): string {
  const all = part.tensors === whole.tensors;
  const tensors = all
    ? translate('all {0} tensors', amount(whole.tensors))
    : translate('{0} of {1} tensors', amount(part.tensors), amount(whole.tensors));
  if (part.size === null || whole.size === null) return tensors;
  const parameters = all
    ? translate('{0} parameters', amount(whole.size))
    : translate('{0} of {1} parameters', amount(part.size), amount(whole.size));
  return `${tensors} · ${parameters}`;
}

/** The largest parts of a module whose parameters are all wanted: `fc.*`, `conv1.weight`, `*` for everything. */
export function partsOf(tree: FreezeNode, isWanted: (path: string) => boolean): readonly string[] {
  const found: string[] = [];
  /** Whether all is wanted; what is found inside then gives way to the whole. */
  const visit = (node: FreezeNode): boolean => {
    const prefix = node.path === '' ? '' : `${node.path}.`;
    const begin = found.length;
    let all = node.unlisted.length === 0;
    for (const name of node.parameters.keys()) {
      if (isWanted(`${prefix}${name}`)) found.push(`${prefix}${name}`);
      else all = false;
    }
    for (const child of node.children) {
      if (child.verdict !== 'none' && !visit(child)) all = false;
    }
    if (all && found.length > begin) found.splice(begin, found.length, `${prefix}*`);
    return all;
  };
  visit(tree);
  return found;
}

const MOST_PARTS = 4;

/** A list for one line of text. */
export function listed(parts: readonly string[]): string {
  if (parts.length <= MOST_PARTS) return parts.join(', ');
  const shown = parts.slice(0, MOST_PARTS - 1);
  return `${shown.join(', ')}, +${parts.length - shown.length}`;
}
