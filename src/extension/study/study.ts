import { type Deck, findItemForRule, type Item } from '../../learn/deck.ts';
import type { ModeId } from '../../learn/modes.ts';
import { mergeLogs, type Progress, takeBack } from '../../learn/progress.ts';
import { type ItemPlace, keyOfPlace, type Review } from '../../learn/review.ts';
import {
  type Agenda,
  addReview,
  agendaOf,
  isDue,
  type Memories,
  rebuildMemories,
} from '../../learn/scheduling.ts';
import {
  currentItem,
  resumeSession,
  type Session,
  startSession,
  studyStep,
  undoResult,
} from '../../learn/session.ts';
import { studyClock, studyDay } from '../../learn/study-day.ts';
import type { StudyAction, StudyView } from '../../study-messages/messages.ts';
import type { Mode, Moment } from './mode.ts';
import { type Finding, viewOfDecks, viewOfHome, viewOfStatistics } from './overviews.ts';
import { viewOfOpenedCard, viewOfSession } from './study-view.ts';

/** Only so many mistakes wait for their reviews; nobody catches up with more. */
const MAX_MISTAKES = 20;

/** What the learner studies right now: the decks, the progress, and which of the screens is in front. */
export class Study {
  #progress: Progress;
  #openedCard: { readonly deck: Deck; readonly item: Item } | undefined;
  /** The log worked out, and which log that was. */
  #memories: { readonly reviews: readonly Review[]; readonly memories: Memories } | undefined;

  /** What was found in the file in the editor. */
  #findings: readonly Finding[] = [];
  /** What is wrong with decks of the workspace. */
  #deckNotices: readonly string[] = [];

  constructor(
    private decks: readonly Deck[],
    progress: Progress,
    private readonly notices: readonly string[],
    private readonly modes: readonly Mode[] = [],
  ) {
    this.#progress = progress;
    this.#fitSessions();
  }

  /** Studies other decks from now on. @param notices what is wrong with some that are left out. */
  setDecks(decks: readonly Deck[], notices: readonly string[]): void {
    this.decks = decks;
    this.#deckNotices = notices;
    this.#fitSessions();
    const opened = this.#openedCard;
    if (opened !== undefined && !decks.includes(opened.deck)) this.#openedCard = undefined;
  }

  /** Takes note of what was found in the file in the editor; true where that is something else than before. */
  setFindings(findings: readonly Finding[]): boolean {
    const isNew = JSON.stringify(findings) !== JSON.stringify(this.#findings);
    this.#findings = findings;
    return isNew;
  }

  /** Puts the card of a rule into today's reviews, since its mistake was made. False where no deck has one. */
  addMistake(code: string, now: number): boolean {
    const found = findItemForRule(this.decks, code);
    if (found === undefined) return false;
    const place = { deck: found.deck.id, item: found.item.id };
    const others = (this.#progress.mistakes ?? []).filter((each) => keyOfPlace(each) !== keyOfPlace(place));
    const mistakes = [...others, { ...place, at: now }].slice(-MAX_MISTAKES);
    this.#progress = { ...this.#progress, mistakes };
    return true;
  }

  /** Lets the sessions go on in the decks as they are now. */
  #fitSessions(): void {
    const { decks } = this;
    const progress = this.#progress;
    const resumed = progress.sessions.map((session) => {
      // A session of a deck that is not here (yet) waits for it.
      const isHere = session.deck === null || decks.some(({ id }) => id === session.deck);
      return isHere ? resumeSession(session, decks) : session;
    });
    const sessions = resumed.filter((session) => session !== null);
    const isGone = progress.front === 'session' && resumed[0] === null;
    this.#progress = { ...progress, sessions, front: isGone ? 'home' : progress.front };
  }

  /** What is to be stored. */
  get progress(): Progress {
    return this.#progress;
  }

  get allDecks(): readonly Deck[] {
    return this.decks;
  }

  /** How many items are due now, new ones not counted. */
  countDue(now: number): number {
    return this.#agenda({ now, newPerDay: 0 }).due.length;
  }

  /** Adds the reviews of another log, and gives how many were new. */
  importReviews(reviews: readonly Review[]): number {
    const before = this.#progress.reviews.length;
    this.#progress = { ...this.#progress, ...mergeLogs(this.#progress, { reviews }) };
    return this.#progress.reviews.length - before;
  }

  /** Whether an action needs what the editor has. */
  asksEditor(action: StudyAction): boolean {
    return action.type === 'do' && this.#modeOf(action.mode)?.asksEditor(action.action) === true;
  }

  /** Carries out an action; one that does not fit the moment changes nothing. */
  act(action: StudyAction, moment: Moment): void {
    switch (action.type) {
      case 'home':
        this.#openedCard = undefined;
        this.#progress = { ...this.#progress, front: 'home' };
        return;
      case 'decks':
      case 'statistics':
        this.#openedCard = undefined;
        this.#progress = { ...this.#progress, front: action.type };
        return;
      case 'card':
        this.openCardForRule(action.rule);
        return;
      case 'close':
        this.#openedCard = undefined;
        return;
      case 'resume': {
        const session = this.#unfinished(moment.now);
        if (session !== undefined) this.#open(session);
        return;
      }
      case 'today': {
        const session =
          this.#unfinished(moment.now, null) ?? startSession(this.decks, null, this.#today(moment), moment);
        if (session.queue.length > 0) this.#open(session);
        return;
      }
      case 'start': {
        const deck = this.decks.find(({ id }) => id === action.deck);
        if (deck === undefined) return;
        const begin = () => startSession(this.decks, deck.id, this.#placesOf(deck, moment.now), moment);
        this.#open(this.#unfinished(moment.now, deck.id) ?? begin());
        return;
      }
      case 'repeat': {
        const session = this.#current();
        const missed = session?.results.filter(({ rating }) => rating === 'again' || rating === 'hard') ?? [];
        if (session === undefined || missed.length === 0) return;
        this.#open(startSession(this.decks, session.deck, missed, moment));
        return;
      }
      case 'undo':
        this.#undo();
        return;
      case 'open':
        if (this.#modeOf(action.mode) === undefined) return;
        this.#openedCard = undefined;
        this.#progress = { ...this.#progress, front: action.mode };
        return;
      case 'do': {
        if (this.#modeInFront()?.id === action.mode) this.actIn(action.mode, action.action, moment);
        return;
      }
      case 'insertCode':
      case 'openCode':
      case 'openRule':
        // For the editor, which the extension asks.
        return;
      default: {
        const session = this.#current();
        if (session === undefined || this.#openedCard !== undefined) return;
        const step = studyStep(session, action, this.decks, moment.now);
        if (step.session === session) return;
        if (step.review !== undefined) this.#record(step.review, moment.now);
        this.#open(step.session);
      }
    }
  }

  /** Lets an action change what a way to learn keeps, whether or not it is in front. */
  actIn(id: ModeId, action: unknown, moment: Moment): void {
    const mode = this.#modeOf(id);
    if (mode === undefined) return;
    const { modes } = this.#progress;
    const state = mode.act(modes[id], action, moment);
    if (state !== modes[id]) this.#progress = { ...this.#progress, modes: { ...modes, [id]: state } };
  }

  /** Puts the card of a rule in front, turned to its answer. False where no deck teaches the rule. */
  openCardForRule(code: string): boolean {
    const found = findItemForRule(this.decks, code);
    if (found !== undefined) this.#openedCard = found;
    return found !== undefined;
  }

  /** The Python that is in front of the learner; null where there is none. */
  get code(): string | null {
    const mode = this.#modeInFront();
    return mode?.code(this.#progress.modes[mode.id]) ?? null;
  }

  /** The whole program around that Python. */
  get program(): string | null {
    const mode = this.#modeInFront();
    return mode?.program(this.#progress.modes[mode.id]) ?? null;
  }

  /** What to show at a moment. */
  viewAt(moment: Moment): StudyView {
    if (this.#openedCard !== undefined) return viewOfOpenedCard(this.#openedCard.deck, this.#openedCard.item);
    const mode = this.#modeInFront();
    if (mode !== undefined) return mode.view(this.#progress.modes[mode.id], moment);
    const memories = this.#memoriesAt(moment.now);
    const session = this.#current();
    if (session !== undefined) return viewOfSession(session, this.decks, memories, moment.now);
    const overview = { decks: this.decks, memories, agenda: this.#agenda(moment), now: moment.now };
    if (this.#progress.front === 'decks') return viewOfDecks(overview);
    if (this.#progress.front === 'statistics') {
      return viewOfStatistics(overview, this.#progress.reviews.length);
    }
    return viewOfHome({
      ...overview,
      findings: this.#findings,
      modes: this.modes.map((each) => ({ mode: each.id, part: each.part(this.#progress.modes[each.id]) })),
      resume: this.#unfinished(moment.now) ?? null,
      notices: [...this.notices, ...this.#deckNotices],
    });
  }

  #agenda({ now, newPerDay }: Pick<Moment, 'now' | 'newPerDay'>): Agenda {
    return agendaOf(this.decks, this.#memoriesAt(now), now, newPerDay, this.#progress.mistakes);
  }

  #today(moment: Moment): ItemPlace[] {
    const { due, fresh } = this.#agenda(moment);
    return [...due, ...fresh];
  }

  /** What of a deck is due or has never been seen, since somebody who opens a deck wants more than the day's share; else all of it. */
  #placesOf(deck: Deck, now: number): ItemPlace[] {
    const memories = this.#memoriesAt(now);
    const places = deck.items.map((item) => ({ deck: deck.id, item: item.id }));
    const open = places.filter((place) => {
      const memory = memories.get(keyOfPlace(place));
      return memory === undefined || isDue(memory, now);
    });
    return open.length > 0 ? open : places;
  }

  #record(review: Review, now: number): void {
    const memories = addReview(this.#memoriesAt(now), review);
    const reviews = [...this.#progress.reviews, review];
    this.#progress = { ...this.#progress, reviews };
    this.#memories = { reviews, memories };
  }

  #undo(): void {
    const session = this.#current();
    if (session === undefined || this.#openedCard !== undefined) return;
    const undo = undoResult(session, this.decks);
    if (undo === null) return;
    const last = this.#progress.reviews.findLast(
      ({ deck, item }) => deck === undo.undone.deck && item === undo.undone.item,
    );
    const log = takeBack(this.#progress, last === undefined ? [] : [last]);
    this.#progress = { ...this.#progress, ...log };
    this.#open(undo.session);
  }

  /** The log worked out, once for each log, and again and again only while it has reviews from the future. */
  #memoriesAt(now: number): Memories {
    const { reviews } = this.#progress;
    if (this.#memories?.reviews !== reviews || reviews.some(({ at }) => at > now)) {
      this.#memories = { reviews, memories: rebuildMemories(reviews, now) };
    }
    return this.#memories.memories;
  }

  #modeOf(id: string): Mode | undefined {
    return this.modes.find((mode) => mode.id === id);
  }

  /** The way to learn in front of the learner; none behind a card that was opened by itself. */
  #modeInFront(): Mode | undefined {
    return this.#openedCard === undefined ? this.#modeOf(this.#progress.front) : undefined;
  }

  /** The session in front of the learner. */
  #current(): Session | undefined {
    const session = this.#progress.front === 'session' ? this.#progress.sessions[0] : undefined;
    return session?.queue.some(({ deck }) => this.decks.some(({ id }) => id === deck)) ? session : undefined;
  }

  /** The latest session, of the given deck, of the day (null) or of any, that has items left. A day's session ends with the day. */
  #unfinished(now: number, deck?: string | null): Session | undefined {
    const today = studyDay(studyClock(now));
    return this.#progress.sessions.find((session) => {
      if (deck !== undefined && session.deck !== deck) return false;
      if (session.deck === null && studyDay(studyClock(session.startedAt)) !== today) return false;
      return currentItem(session, this.decks) !== undefined;
    });
  }

  #open(session: Session): void {
    this.#openedCard = undefined;
    const others = this.#progress.sessions.filter((each) => each.deck !== session.deck);
    this.#progress = { ...this.#progress, sessions: [session, ...others], front: 'session' };
  }
}
