import type { Mode } from './mode.ts';

/** The ways to learn besides the decks, in the order of the overview. */
export const modes: readonly Mode[] = [];
