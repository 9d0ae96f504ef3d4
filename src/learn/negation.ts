import type { Word } from './words.ts';

/** Plain negations; they reach forward. Written without the apostrophe they count as well. */
const NOT =
  /^(not|never|cannot|without|hardly|barely|neither|nor|unable|[a-z]+n't|(do|does|did|is|are|was|were|wo|ca|should|would|could|have|has|must)nt)$/;
/** Negations of a thing rather than of a verb: "no weights are updated" reaches across "are". */
const NO = /^(no|none|nothing|nobody)$/;
/** Verbs that negate what they govern: "stops the weights from changing". */
const STOPPING =
  /^(stop|stops|stopped|stopping|prevent(s|ed|ing)?|avoid(s|ed|ing)?|block(s|ed|ing)?|halt(s|ed|ing)?|cease(s|d)?|ceasing|forbid(s|den)?|disable(s|d)?|disabling|skip(s|ped|ping)?|lack(s|ed|ing)?|fail(s|ed|ing)?|refuse(s|d)?|keeps?|kept)$/;
/** Words before "block" that make it a part of a network: "unfreeze a block" blocks nothing. */
const BEFORE_NOUN =
  /^(an?|the|these|those|each|every|one|two|its|next|first|last|top|other|frozen|unfrozen|residual|adapter)$/;
const BE = /^(is|are|was|were|be|been|being|get|gets|got|getting|become|becomes|stay|stays|remain|remains)$/;
/** Where a verb of another clause begins, "not" ends: "the weights not in the head are fixed". */
const FINITE =
  /^(is|are|was|were|will|can|should|must|may|might|stays?|remains?|means?|makes?|leads?|gives?|results?|saves?|allows?|lets?|helps?|causes?)$/;
const AFTER_NO = /^(means?|makes?|leads?|gives?|results?|saves?|allows?|lets?|helps?|causes?)$/;
const CLAUSE_START =
  /^(and|but|so|because|since|while|whereas|although|though|however|which|who|what|yet|then|if|when|until|unless|before|after|thus|therefore|hence|instead|rather|only|thereby|plus)$/;
/** "Rebuilding it is not necessary" negates what stands before. */
const DISMISSED =
  /^(necessary|needed|need|required|important|essential|useful|helpful|possible|true|correct|right|allowed)$/;
const PREPOSITION = /^(in|for|during|at|on|by|when|while|there|here|completely|entirely|once|as)$/;
const REACH = 10; // words; longer "not ... verb" distances are rarely one thought

/** A gap between words that ends a clause: punctuation other than a hyphen, slash, quote, bracket of a call or dot of a name. */
export function endsClause(gap: string): boolean {
  return (
    endsSentence(gap) || /[,:()[\]\u2013\u2014]/.test(gap.replace(/\(\)|^\(|^\)/g, '')) || /\s-\s/.test(gap)
  );
}

/** A gap that ends a sentence or a list entry. */
export function endsSentence(gap: string): boolean {
  return /[.!?]\s|[;\n]|\.\.\./.test(gap) || /->|=>|\u2192/.test(gap);
}

/**
 * For each word the negations that govern it, each as the index of the negating word. An odd number means that the
 * word is negated; "do not forget to add" is even, so "add" is not.
 */
export function governingNegations(words: readonly Word[]): ReadonlySet<number>[] {
  const governed: Set<number>[] = words.map(() => new Set<number>());
  words.forEach((word, at) => {
    const reached = reachOf(words, word, at);
    if (isCondition(words, at, reached)) return;
    for (const index of reached) governed[index]?.add(at);
  });
  return governed;
}

/**
 * Whether the negation belongs to a condition whose consequence is negated too: "without rebuilding the optimizer the
 * layers do not train" and "they do not train if you don't rebuild it" both say that rebuilding is needed.
 */
function isCondition(words: readonly Word[], at: number, reached: readonly number[]): boolean {
  const word = words[at] as Word;
  if (!NOT.test(word.text)) return false;
  let begin = at;
  while (begin > 0 && !endsSentence(words[begin]?.gap ?? '')) begin--;
  let end = at + 1;
  while (end < words.length && !endsSentence(words[end]?.gap ?? '')) end++;
  const startsCondition = words.slice(Math.max(begin, at - 5), at).some((each) => each.text === 'if');
  if (word.text !== 'without' && !startsCondition) return false;
  const isElsewhere = (index: number): boolean => index !== at && !reached.includes(index);
  return words
    .slice(begin, end)
    .some((each, i) => isElsewhere(begin + i) && (NOT.test(each.text) || NO.test(each.text)));
}

function reachOf(words: readonly Word[], word: Word, at: number): number[] {
  const next = words[at + 1]?.text ?? '';
  const nextButOne = words[at + 2]?.text ?? '';
  if (NOT.test(word.text)) {
    if (
      word.text === 'not' &&
      (/^(only|just|merely|simply)$/.test(next) || `${next} ${nextButOne}` === 'to mention')
    )
      return [];
    const ahead = forward(
      words,
      at,
      (text, distance) => distance > 1 && FINITE.test(text) && !governsClause(words, at),
    );
    const dismissed = [next, nextButOne].some((text) => DISMISSED.test(text));
    return dismissed ? [...backward(words, at), ...ahead] : ahead;
  }
  if (NO.test(word.text)) {
    if (/^(matter|doubt)$/.test(next)) return [];
    return forward(words, at, (text) => AFTER_NO.test(text));
  }
  if (/^(instead|rather|opposed)$/.test(word.text) && /^(of|than|to)$/.test(next)) {
    return forward(words, at + 1, () => false);
  }
  if (/^(forget(s|ting)?|neglect(s|ing)?|forgot)$/.test(word.text) && next === 'to') {
    return forward(words, at, () => false);
  }
  if (/^(unnecessary|pointless|useless)$/.test(word.text)) return backward(words, at);
  if (word.text === 'less' && next === 'likely') return forward(words, at, () => false);
  if (!STOPPING.test(word.text)) return [];
  if (/^blocks?$/.test(word.text) && BEFORE_NOUN.test(words[at - 1]?.text ?? '')) return [];
  if (/^(keeps?|kept)$/.test(word.text)) return keepsFrom(words, at);
  const previous = [words[at - 1]?.text ?? '', words[at - 2]?.text ?? ''];
  const passive = /(ed|en)$/.test(word.text) && previous.some((text) => BE.test(text)) && next !== 'from';
  const intransitive = next === '' || PREPOSITION.test(next) || endsClause(words[at + 1]?.gap ?? '');
  if (passive || (intransitive && /^(stop|halt|cease|fail)/.test(word.text))) return backward(words, at);
  return forward(words, at, () => false);
}

/** "does not mean that the weights are fixed": the negated verb takes a whole clause. */
function governsClause(words: readonly Word[], at: number): boolean {
  return /^(mean|means|imply|say|require|guarantee|ensure|think|believe|make|let|allow)/.test(
    words[at + 1]?.text ?? '',
  );
}

/** "keeps the features from being overwritten": what follows "from" is negated, "keeps" itself is not. */
function keepsFrom(words: readonly Word[], at: number): number[] {
  for (let i = at + 1; i < Math.min(words.length, at + 6); i++) {
    const word = words[i] as Word;
    if (endsClause(word.gap) || CLAUSE_START.test(word.text)) return [];
    if (word.text === 'from') return forward(words, i, () => false);
  }
  return [];
}

function forward(
  words: readonly Word[],
  at: number,
  ends: (text: string, distance: number) => boolean,
): number[] {
  const reached: number[] = [];
  for (let i = at + 1; i < words.length && i - at <= REACH; i++) {
    const word = words[i] as Word;
    if (endsClause(word.gap) || CLAUSE_START.test(word.text) || ends(word.text, i - at)) break;
    reached.push(i);
  }
  return reached;
}

function backward(words: readonly Word[], at: number): number[] {
  const reached: number[] = [];
  for (let i = at - 1; i >= 0 && at - i <= REACH; i--) {
    const word = words[i] as Word;
    if (CLAUSE_START.test(word.text)) break;
    reached.push(i);
    if (endsClause(word.gap)) break;
  }
  return reached;
}
