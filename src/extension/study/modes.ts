import { cost } from './cost.ts';
import type { Mode } from './mode.ts';
import { visualize } from './visualize.ts';

/** The ways to learn besides the decks, in the order of the overview. */
export const modes: readonly Mode[] = [visualize, cost];
