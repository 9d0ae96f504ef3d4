import { distance } from 'fastest-levenshtein';
import { stemmer } from 'stemmer';

/** One word of an answer or of a lexicon, with its UTF-16 place in the text it came from. */
export interface Word {
  /** Lower case, apostrophes straight, spelling of joined words unified ("fine-tune" is "finetune"). */
  readonly text: string;
  /** What is compared: the irregular form resolved, then Porter's stem. */
  readonly stem: string;
  readonly start: number;
  readonly end: number;
  /** What stands between the previous word and this one, lower-cased; tells sentences apart. */
  readonly gap: string;
}

/** Irregular forms that a stemmer cannot know, among the verbs people use when they talk about training. */
const IRREGULAR: Readonly<Record<string, string>> = {
  froze: 'freeze',
  frozen: 'freeze',
  unfroze: 'unfreeze',
  unfrozen: 'unfreeze',
  kept: 'keep',
  held: 'hold',
  lost: 'lose',
  losing: 'lose',
  loss: 'lose',
  forgot: 'forget',
  forgotten: 'forget',
  learnt: 'learn',
  built: 'build',
  rebuilt: 'rebuild',
  began: 'begin',
  begun: 'begin',
  gave: 'give',
  given: 'give',
  took: 'take',
  taken: 'take',
  made: 'make',
  meant: 'mean',
  got: 'get',
  gotten: 'get',
  stuck: 'stick',
  went: 'go',
  gone: 'go',
  goes: 'go',
  knew: 'know',
  known: 'know',
  came: 'come',
  remade: 'remake',
  overwritten: 'overwrite',
  overwrote: 'overwrite',
  seen: 'see',
  saw: 'see',
  taught: 'teach',
  told: 'tell',
  fed: 'feed',
  left: 'leave',
  params: 'parameter',
  param: 'parameter',
  grads: 'gradient',
  grad: 'gradient',
  optim: 'optimizer',
  optimisers: 'optimizer',
  optimiser: 'optimizer',
  lr: 'learningrate',
  learningrates: 'learningrate',
};

/** Prefixes that people write joined, with a hyphen or apart: "pre-trained", "pre trained", "pretrained". */
const JOINED_PREFIX = /^(pre|re|un|non)$/;

/** Pairs that mean something else than their parts: a learning rate does not learn. */
const COMPOUND = /^(fine tun.*|learning rates?|weight decay)$/;

/** Words that are one letter away from words of this subject without being slips of them. */
const NOT_TYPOS = new Set(
  (
    'later lower layer chance charge lean earn heard hard whether while whole there these three their where then than thing think ' +
    'being begin began about above would could should right light which every quite quiet quick adopt adapt alter after again ' +
    'compete spend spread seeds shall small smell looked losses modes modal fixes mixed trail brain drain retrain retain remain ' +
    'regain reserve reverse refuse reuse reset produce reduce extent intend extend attend valve value stats state static still ' +
    'skill stall class glass first fist start stars smart early easily nearly final finally before below input output other ' +
    'others either rather faster fasten newer never fewer power tower speed store score stored parts party stay stays stray ' +
    'trained strained untrained learned leaned saver safer saves server waves changed unchanged charged locked blocked frozen ' +
    'unfrozen freeze unfreeze train trains update updates model models weight height weights heights time times'
  ).split(' '),
);

/** What makes "training" a time rather than something done: layers fixed during training do not train. */
const DURING = /^(during|throughout|in)$/;

/** Stem of a lower-case word. Words in -er keep it, so that "optimizer" is not "optimize" and "faster" not "fast". */
function stemOf(word: string): string {
  const base = Object.hasOwn(IRREGULAR, word) ? (IRREGULAR[word] as string) : word;
  const american = base.length > 6 ? base.replace(/is(e|es|ed|er|ers|ing|ation)$/, 'iz$1') : base;
  if (/[a-z]{3}ers?$/.test(american)) return american.replace(/s$/, '');
  if (/(ful|less)$/.test(american)) return american; // "useful" is not "use"
  return stemmer(american);
}

/** Splits text into words. Identifiers fall into their parts, except `requires_grad` in all its spellings and `no_grad`. */
export function splitWords(text: string): Word[] {
  const words: Word[] = [];
  const pattern = /[A-Za-z\u00c0-\u024f]+(?:['\u2019][A-Za-z]+)?|\d+(?:\.\d+)?/g;
  // Identifiers that are one word: no_grad, which negates nothing, and the attribute as requires_grad, requires_grad_, requires-grad, requires grad, requiresGrad, require_grad.
  const flag = /\brequire[sd]?[_\- ]?grad(?:s|ients?)?\b_?|\brequire[sd]?_grad(?:s|ients?)?_?|\bno_grad\b/gi;
  let from = 0;
  const push = (raw: string, start: number): void => {
    const lower = raw.toLowerCase().replaceAll('\u2019', "'");
    const gap = text.slice(words.at(-1)?.end ?? 0, start).toLowerCase();
    const previous = words.at(-1);
    const joint = /^[\s-]+$/.test(gap) && gap.length === 1;
    const joins =
      joint &&
      previous !== undefined &&
      (JOINED_PREFIX.test(previous.text) || COMPOUND.test(`${previous.text} ${lower}`));
    if (joins) {
      words.pop();
      const joined = previous.text + lower;
      words.push({
        text: joined,
        stem: stemOf(joined),
        start: previous.start,
        end: start + raw.length,
        gap: previous.gap,
      });
      return;
    }
    const bare = lower.replace(/'(s|re|ve|ll|d|m)$/, '');
    if (bare === 'training' && previous !== undefined && DURING.test(previous.text)) {
      words.push({ text: bare, stem: 'training', start, end: start + raw.length, gap });
      return;
    }
    words.push({ text: bare, stem: stemOf(bare), start, end: start + raw.length, gap });
  };
  const pushPlain = (until: number): void => {
    for (const match of text.slice(from, until).matchAll(pattern)) push(match[0], from + match.index);
  };
  for (const match of text.matchAll(flag)) {
    // "requires gradients" is plain English; only the short form or an identifier is the attribute.
    if (/ gradients?$/i.test(match[0])) continue;
    pushPlain(match.index);
    const gap = text.slice(words.at(-1)?.end ?? 0, match.index).toLowerCase();
    const name = match[0].toLowerCase() === 'no_grad' ? 'no_grad' : 'requires_grad';
    words.push({ text: name, stem: name, start: match.index, end: match.index + match[0].length, gap });
    from = match.index + match[0].length;
  }
  pushPlain(text.length);
  return words;
}

/**
 * Whether a written word is the wanted one: the same stem, or a slip of the keyboard. Slips are one wrong, missing,
 * doubled or swapped letter in words of five letters or more, two in words of nine or more; the first letter must be
 * right, and a word that is itself English (`vocabulary`, or a known neighbour) is no slip.
 */
export function isSameWord(written: Word, wanted: Word, vocabulary: ReadonlySet<string>): boolean {
  if (written.stem === wanted.stem) return true;
  const [a, b] = [written.text, wanted.text];
  if (a.length < 5 || b.length < 5 || a[0] !== b[0]) return false;
  if (NOT_TYPOS.has(a) || vocabulary.has(written.stem) || /\d/.test(a)) return false;
  return (
    isSlip(a, b) || (written.stem.length >= 5 && wanted.stem.length >= 5 && isSlip(written.stem, wanted.stem))
  );
}

function isSlip(a: string, b: string): boolean {
  if (a === `${b}r` || b === `${a}r`) return false; // "optimize" and "optimizer" are two words
  const steps = distance(a, b);
  if (steps <= 1) return true;
  if (steps !== 2) return false;
  return b.length >= 9 || isSwap(a, b);
}

function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
