/** Behind statements that set requires_grad: how much they reach. */
import type { Trace } from '../analysis/trace.ts';
import { type FlagWrite, flagWrites } from './flag-writes.ts';
import { amount, tensors, type Words } from './wording.ts';

export interface InlayHint {
  readonly offset: number;
  readonly text: string;
  readonly tooltip: string;
}

/** `60 tensors` behind each write; nothing behind those that reach a model nobody knows. */
export function inlayHints(trace: Trace, words: Words): readonly InlayHint[] {
  return flagWrites(trace).flatMap((write) => {
    const { span, tensors: count, certain } = write;
    if (count === null) return [];
    const text = tensors(words, count);
    return [
      {
        offset: span.end,
        text: certain ? text : words.translate('up to {0}', text),
        tooltip: writeInWords(write, words),
      },
    ];
  });
}

/** `Freezes 60 tensors · 11.2M parameters`. */
export function writeInWords({ effect, certain, tensors: count, size }: FlagWrite, words: Words): string {
  const { translate } = words;
  const what =
    count === null
      ? translate('parameters of an unknown model')
      : size === null
        ? tensors(words, count)
        : `${tensors(words, count)} · ${translate('{0} parameters', amount(size))}`;
  if (effect === 'both') return translate('Sets the flag of {0}', what);
  if (effect === 'freezes') {
    return certain ? translate('Freezes {0}', what) : translate('Freezes some of {0}', what);
  }
  return certain ? translate('Unfreezes {0}', what) : translate('Unfreezes some of {0}', what);
}
