import type { Deck, Item } from '../../learn/deck.ts';
import { findItemForRule } from '../../learn/deck.ts';
import type { Progress } from '../../learn/progress.ts';
import { currentItem, resumeSession, type Session, startSession, studyStep } from '../../learn/session.ts';
import type { StudyAction, StudyView } from '../../study-messages.ts';
import { viewOfHome, viewOfOpenedCard, viewOfSession } from './study-view.ts';

/** The moment of an action: milliseconds since 1970, and any integer to shuffle by. */
export interface Moment {
  readonly now: number;
  readonly seed: number;
}

/** A session with the deck it goes through. */
interface Walk {
  readonly deck: Deck;
  readonly session: Session;
}

/** What the learner studies right now: the decks, the progress, and which of the screens is in front. */
export class Study {
  #progress: Progress;
  #openedCard: { readonly deck: Deck; readonly item: Item } | undefined;

  constructor(
    private readonly decks: readonly Deck[],
    progress: Progress,
    private readonly notices: readonly string[],
  ) {
    const resumed = progress.sessions.map((session) => {
      const deck = this.#deckOf(session.deck);
      return deck === undefined ? session : resumeSession(session, deck);
    });
    const sessions = resumed.filter((session) => session !== null);
    this.#progress = { ...progress, sessions, sessionOpen: progress.sessionOpen && resumed[0] !== null };
  }

  /** What is to be stored. */
  get progress(): Progress {
    return this.#progress;
  }

  /** Carries out an action; one that does not fit the moment changes nothing. */
  act(action: StudyAction, moment: Moment): void {
    switch (action.type) {
      case 'home':
        this.#openedCard = undefined;
        this.#progress = { ...this.#progress, sessionOpen: false };
        return;
      case 'close':
        this.#openedCard = undefined;
        return;
      case 'resume': {
        const walk = this.#unfinished();
        if (walk !== undefined) this.#open(walk.session);
        return;
      }
      case 'start': {
        const deck = this.#deckOf(action.deck);
        if (deck === undefined) return;
        this.#open(this.#unfinished(deck.id)?.session ?? startSession(deck, moment.seed));
        return;
      }
      case 'repeat': {
        const walk = this.#current();
        if (walk === undefined) return;
        const missed = walk.session.results.filter(({ rating }) => rating === 'again' || rating === 'hard');
        const items = missed.map(({ item }) => item);
        if (items.length > 0) this.#open(startSession(walk.deck, moment.seed, items));
        return;
      }
      default: {
        const walk = this.#current();
        if (walk === undefined || this.#openedCard !== undefined) return;
        const { session, review } = studyStep(walk.session, action, walk.deck, moment.now);
        if (session === walk.session) return;
        const reviews = review === undefined ? this.#progress.reviews : [...this.#progress.reviews, review];
        this.#progress = { ...this.#progress, reviews };
        this.#open(session);
      }
    }
  }

  /** Puts the card of a rule in front, turned to its answer. False where no deck teaches the rule. */
  openCardForRule(code: string): boolean {
    const found = findItemForRule(this.decks, code);
    if (found !== undefined) this.#openedCard = found;
    return found !== undefined;
  }

  /** What to show now. */
  get view(): StudyView {
    if (this.#openedCard !== undefined) return viewOfOpenedCard(this.#openedCard.deck, this.#openedCard.item);
    const walk = this.#current();
    if (walk !== undefined) return viewOfSession(walk.session, walk.deck);
    return viewOfHome(this.decks, this.#progress, this.#unfinished() ?? null, this.notices);
  }

  /** The session in front of the learner. */
  #current(): Walk | undefined {
    const session = this.#progress.sessionOpen ? this.#progress.sessions[0] : undefined;
    const deck = this.#deckOf(session?.deck);
    return session === undefined || deck === undefined ? undefined : { deck, session };
  }

  /** The latest session, of the given deck or of any, that has items left. */
  #unfinished(deckId?: string): Walk | undefined {
    for (const session of this.#progress.sessions) {
      const deck = this.#deckOf(session.deck);
      if (deck === undefined || (deckId !== undefined && deck.id !== deckId)) continue;
      if (currentItem(session, deck) !== undefined) return { deck, session };
    }
    return undefined;
  }

  #open(session: Session): void {
    this.#openedCard = undefined;
    const others = this.#progress.sessions.filter((each) => each.deck !== session.deck);
    this.#progress = { ...this.#progress, sessions: [session, ...others], sessionOpen: true };
  }

  #deckOf(id: string | undefined): Deck | undefined {
    return this.decks.find((deck) => deck.id === id);
  }
}
