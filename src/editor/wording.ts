/** How the data of this room is put into words. */
import type { Span } from '../python/syntax.ts';

/** What a face lends to those who write for people. */
export interface Wording {
  /** The text in the user's language, `{0}`, `{1}`... replaced by the arguments. */
  readonly translate: (message: string, ...args: (string | number)[]) => string;
  /** Markdown of a text that leads to a place in the program, which may lie in an imported file. */
  readonly link: (text: string, place: Span) => string;
  /** `line 22`, or `line 22 of model.py`. */
  readonly nameOfLine: (place: Span) => string;
}

/** What writes text for people, but links nothing. */
export type Words = Pick<Wording, 'translate'>;

/** The texts as they are in the source. */
export const english: Words = {
  translate: (message, ...args) => message.replace(/\{(\d+)\}/g, (_, index) => String(args[Number(index)])),
};

/** A number as people read it: exact and in groups of three below a million, then `11.7M`. Alike in every locale. */
export function amount(value: number): string {
  if (value >= 999_950_000) return `${(value / 1e9).toFixed(1)}B`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)}M`;
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `60 tensors`. */
export function tensors({ translate }: Words, count: number): string {
  return count === 1 ? translate('1 tensor') : translate('{0} tensors', amount(count));
}
