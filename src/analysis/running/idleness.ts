/** Functions of a program that have nothing to do with training: following each of their calls costs much and tells nothing. */
import type { FunctionDefinition, Lambda } from '../../python/syntax.ts';
import { reachableFrom } from '../calls/havoc.ts';
import type { Interpreter } from '../interpreter.ts';
import type { ObjectId, Value } from '../state/values.ts';

/**
 * Steps that a function may cost, over all its calls, while it shows no sign of touching what trains. Training
 * loops and builders of models show one in their first call; string and image helpers, called in nested loops, took
 * more than half of all steps in files where the budget ran out.
 */
const MAX_IDLE_STEPS = 3000;

/** Words without which a function sets no flag, mode or optimizer of its own accord. */
export const TOUCHES_TRAINING =
  /requires_grad|freez|trainable|optim|\bnn\.|setattr|param|\.(?:train|eval|apply)\(/;

export class IdlenessRecord {
  readonly #steps = new Map<FunctionDefinition | Lambda, number>();

  /** Whether a function has cost enough for nothing, and these arguments lead to nothing that trains. */
  isSpent(run: Interpreter, definition: FunctionDefinition | Lambda, given: readonly Value[]): boolean {
    if ((this.#steps.get(definition) ?? 0) <= MAX_IDLE_STEPS) return false;
    return ![...reachableFrom(run, given).objects].some((id) => trains(run, id));
  }

  /** Watches one run of a function's body; what it returns is to be told the value that the function gives. */
  watch(run: Interpreter, definition: FunctionDefinition | Lambda): (value: Value) => void {
    const steps = run.steps.taken;
    const { length } = run.events;
    return (value) => {
      const before = this.#steps.get(definition) ?? 0;
      const isIdle =
        run.events.length <= length &&
        tellsNothing(run, value) &&
        (before > 0 || !TOUCHES_TRAINING.test(run.sourceOf(definition)));
      this.#steps.set(definition, isIdle ? before + run.steps.taken - steps : Number.NEGATIVE_INFINITY);
    };
  }
}

function trains(run: Interpreter, id: string): boolean {
  const object = run.state.heap.get(id);
  return object?.kind === 'optimizer' || (object?.kind === 'module' && object.certain);
}

/** Whether nothing is lost where a value is taken for unknown. `seen`: lists asked already, as they may hold themselves. */
function tellsNothing(run: Interpreter, value: Value, seen = new Set<ObjectId>()): boolean {
  switch (value.kind) {
    case 'unknown':
    case 'tensor':
      return true;
    case 'constant':
      return typeof value.value !== 'string';
    case 'tuple':
      return value.items.every((item) => tellsNothing(run, item, seen));
    case 'union':
      return value.options.every((option) => tellsNothing(run, option, seen));
    case 'reference': {
      if (seen.has(value.id)) return true;
      seen.add(value.id);
      const object = run.object(value);
      if (object?.kind === 'module') return !object.certain;
      if (object?.kind === 'list') return object.items.every((item) => tellsNothing(run, item.value, seen));
      return false;
    }
    default:
      return false;
  }
}
