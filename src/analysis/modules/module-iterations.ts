/** `parameters()` and its sisters, which give generators. */
import type { Span } from '../../python/syntax.ts';
import { truthOf } from '../expressions/comparisons.ts';
import type { Interpreter } from '../interpreter.ts';
import type { ModuleIteration } from '../state/heap.ts';
import { type CallArguments, isString, type ObjectId, type Value } from '../state/values.ts';

/** The generator that a module's `parameters()` or one of its sisters gives. */
export function iterate(
  run: Interpreter,
  id: ObjectId,
  method: ModuleIteration,
  args: CallArguments,
  at: Span,
): Value {
  const named = method !== 'parameters' && method !== 'children' && method !== 'modules';
  const prefixArgument = args.keywords.get('prefix') ?? (named ? args.positional[0] : undefined);
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
