import { misspelledRequiresGrad } from './misspelled-requires-grad.ts';
import { parameterIteratorReused } from './parameter-iterator-reused.ts';
import { requiresGradCalled } from './requires-grad-called.ts';
import { requiresGradMethodOverwritten } from './requires-grad-method-overwritten.ts';
import { requiresGradOnCopy } from './requires-grad-on-copy.ts';
import { requiresGradOnModule } from './requires-grad-on-module.ts';
import type { Rule } from './rule.ts';

/** Every rule, by code. */
export const rules: readonly Rule[] = [
  requiresGradOnModule,
  requiresGradMethodOverwritten,
  misspelledRequiresGrad,
  requiresGradOnCopy,
  requiresGradCalled,
  parameterIteratorReused,
];
