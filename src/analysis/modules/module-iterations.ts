/** `parameters()` and its sisters, which give generators. */
import type { Span } from '../../python/syntax.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import { truthOf } from '../expressions/comparisons.ts';
import type { Interpreter } from '../interpreter.ts';
import type { ModuleIteration } from '../state/heap.ts';
import {
  type CallArguments,
  isNone,
  isString,
  type ObjectId,
  reference,
  UNKNOWN,
  type Value,
} from '../state/values.ts';

/** The generator that a module's `parameters()` or one of its sisters gives. */
export function iterate(
  run: Interpreter,
  id: ObjectId,
  method: ModuleIteration,
  args: CallArguments,
  at: Span,
): Value {
  const memo = args.keywords.get('memo') ?? (method === 'named_modules' ? args.positional[0] : undefined);
  const unique = args.keywords.get('remove_duplicate');
  if ((memo && !isNone(memo)) || (unique && truthOf(run, unique) !== true)) {
    // What was met before is left out, or what is shared comes again and again.
    forgetWhatIsReachable(run, reference(id), null);
    return UNKNOWN;
  }
  const named = method !== 'parameters' && method !== 'children' && method !== 'modules';
  const prefixArgument =
    args.keywords.get('prefix') ?? (named ? args.positional[method === 'named_modules' ? 1 : 0] : undefined);
  const recurseArgument =
    args.keywords.get('recurse') ?? (method === 'parameters' ? args.positional[0] : args.positional[1]);
  return run.allocate(
    at,
    {
      kind: 'iterator',
      source: {
        kind: 'module',
        module: id,
        method,
        prefix: prefixArgument && isString(prefixArgument) ? prefixArgument.value : '',
        recurse: !(recurseArgument && truthOf(run, recurseArgument) === false),
      },
      used: 'no',
      usedAt: null,
      built: at,
    },
    `:${method}`,
  );
}
