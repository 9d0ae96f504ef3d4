import { callValue } from './calls.ts';
import { runComprehension } from './comprehensions.ts';
import { evaluate } from './expressions.ts';
import type { Language } from './interpreter.ts';
import { runBlock } from './statements.ts';

/** Python as this analysis runs it: where all its constructs come together. */
export const PYTHON: Language = { evaluate, runBlock, call: callValue, runComprehension };
