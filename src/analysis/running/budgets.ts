/** Where a budget of the analysis ran out: what lies beyond is unknown. */
import type { Span } from '../../python/syntax.ts';

/** Each budget, and what is not known where it runs out. */
const WORDS = {
  steps: 'the program takes too many steps; what follows is not analysed',
  stepsAlone: 'this function, which nothing calls, takes too many steps; the rest of it is not analysed',
  importSteps: 'running this imported file takes too many steps; its names are unknown',
  importedCalls: 'functions of imported files are not followed any more; what this call does is unknown',
  callDepth: 'calls nest too deeply; what this one does is unknown',
  recursion: 'recursion goes too deep; what this call does is unknown',
  idleCalls: 'calls of this function cost much and tell nothing; it is not followed any more',
  loopRounds: 'this loop does not settle; the flags of what it still changes are unknown',
  countedRounds: 'this loop counts too far to be run round by round; what depends on its count is unknown',
  rangeLength: 'this range is too long to be written out; its length is unknown',
  cases: 'too many cases would have to be gone through; whether all of them end in this exception is unknown',
  options: 'paths differ in more values than are told apart here; which one it is is unknown',
  parts:
    'too many parts for one that nobody can tell to be gone through; whatever is done to it may be done to any',
  items: 'too many items in this list to be told apart; how many there are is unknown',
  textLength: 'this text grows too long; it is unknown',
  nameTests: 'too many tests on names of an unknown model; what this one selects is unknown',
} as const;

export type Budget = keyof typeof WORDS;

export interface Exhaustion {
  readonly budget: Budget;
  readonly at: Span;
}

/** What ran out, for a log. */
export const exhaustionInWords = ({ budget }: Exhaustion): string => WORDS[budget];

/** Keeps each exhaustion once, in order. */
export class Exhaustions {
  readonly #found = new Map<string, Exhaustion>();

  note(budget: Budget, { start, end }: Span): void {
    const key = `${budget} ${start}`;
    if (!this.#found.has(key)) this.#found.set(key, { budget, at: { start, end } });
  }

  get all(): readonly Exhaustion[] {
    return [...this.#found.values()];
  }
}
