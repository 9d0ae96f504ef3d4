/** What each statement of a file that sets requires_grad does, over all the times it runs. */
import { isImported } from '../analysis/program.ts';
import type { Trace } from '../analysis/trace.ts';
import type { Span } from '../python/syntax.ts';

export interface FlagWrite {
  /** The assignment, or the call. */
  readonly span: Span;
  /** `both` where it freezes some and unfreezes others, or nobody knows which. */
  readonly effect: 'freezes' | 'unfreezes' | 'both';
  /** False where some of the parameters may be left out. */
  readonly certain: boolean;
  /** Number of tensors, and of scalars in them; null where the model is unknown. */
  readonly tensors: number | null;
  readonly size: number | null;
}

/** In source order. */
export function flagWrites(trace: Trace): readonly FlagWrite[] {
  const writes = new Map<
    string,
    { span: Span; atoms: Set<number>; values: Set<boolean | null>; certain: boolean }
  >();
  for (const { span, atoms, value, certain } of trace.eventsOf('flagWritten')) {
    if (isImported(span) || atoms.length === 0) continue;
    const key = `${span.start}-${span.end}`;
    const write = writes.get(key) ?? { span, atoms: new Set(), values: new Set(), certain: true };
    writes.set(key, write);
    for (const atom of trace.leaves(atoms)) write.atoms.add(atom);
    write.values.add(value);
    write.certain &&= certain;
  }
  return [...writes.values()]
    .map(({ span, atoms, values, certain }): FlagWrite => {
      const all = [...atoms];
      const [value] = values;
      const isOne = values.size === 1 && typeof value === 'boolean';
      return {
        span: { start: span.start, end: span.end },
        effect: isOne ? (value ? 'unfreezes' : 'freezes') : 'both',
        certain,
        tensors: trace.areCountable(all) ? all.length : null,
        size: trace.sizeOf(all),
      };
    })
    .toSorted((a, b) => a.span.start - b.span.start);
}
