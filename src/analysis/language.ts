/** Where the constructs of Python come together. */
import { callValue } from './calls/calls.ts';
import { runComprehension } from './expressions/comprehensions.ts';
import { evaluate } from './expressions/expressions.ts';
import type { Language } from './interpreter.ts';
import { runBlock } from './statements/statements.ts';

/** Python as this analysis runs it. */
export const PYTHON: Language = { evaluate, runBlock, call: callValue, runComprehension };
