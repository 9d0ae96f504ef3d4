/** Where the constructs of Python come together. */
import { callValue } from './calls.ts';
import { runComprehension } from './comprehensions.ts';
import { evaluate } from './expressions.ts';
import type { Language } from './interpreter.ts';
import { runBlock } from './statements.ts';

/** Python as this analysis runs it. */
export const PYTHON: Language = { evaluate, runBlock, call: callValue, runComprehension };
