import type { Exercises } from '../../learn/exercises/content.ts';
import type { ModeId } from '../../learn/modes.ts';

/** The part of the Study view that exercises need: their content, and what is kept of them. */
export interface PracticeStore {
  /** Null where the content could not be read. */
  readonly exercises: Promise<Exercises | null>;
  /** What a way to learn keeps. */
  stateOf(mode: ModeId): Promise<unknown>;
  /** Lets an action change what a way to learn keeps, whatever is in front, and shows it. */
  actIn(mode: ModeId, action: unknown): Promise<void>;
  /** Puts a way to learn in front and brings the view into sight, while the editor keeps the focus. */
  bringToFront(mode: ModeId): Promise<void>;
}
