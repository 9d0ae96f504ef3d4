/**
 * `accelerate.Accelerator`: what it prepares are the objects that it is given, or thin wrappers of them that share their
 * parameters (its documentation; sharded training, which replaces parameters, is set up outside the program).
 */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { plantUnknown } from '../modules/module-objects.ts';
import { type CallArguments, type ObjectId, UNKNOWN, type Value } from '../state/values.ts';

export const ACCELERATOR = 'accelerate.Accelerator';

/** Methods that give back what they are given. */
const GIVING_BACK =
  /^(?:prepare|prepare_model|prepare_optimizer|prepare_scheduler|prepare_data_loader|unwrap_model)$/;

/** Methods that change no flag, no module and no optimizer. */
const HARMLESS =
  /^(?:accumulate|autocast|no_sync|save|save_model|save_state|load_state|get_state_dict|gather|gather_for_metrics|reduce|pad_across_processes|print|log|init_trackers|get_tracker|end_training|wait_for_everyone|register_for_checkpointing|skip_first_batches|main_process_first|local_main_process_first|unscale_gradients)$/;

/** Methods that are handled by their names, whatever object has them. */
const HANDLED_ELSEWHERE = /^(?:backward|clip_grad_norm_|clip_grad_value_|free_memory|clear)$/;

/** Whether an accelerator has a method of this name; what else it has are settings. */
export const isAcceleratorMethod = (name: string): boolean =>
  GIVING_BACK.test(name) || HARMLESS.test(name) || HANDLED_ELSEWHERE.test(name);

/** A method of an accelerator; null for what it does not do itself, and for other objects. */
export function callAccelerator(
  run: Interpreter,
  id: ObjectId,
  name: string,
  args: CallArguments,
  at: Span,
): Value | null {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'instance' || object.library !== ACCELERATOR) return null;
  if (HARMLESS.test(name)) return plantUnknown(run, run.identity(at, ':result'));
  if (!GIVING_BACK.test(name) || !args.complete) return null;
  const [first, ...others] = args.positional;
  if (!first) return UNKNOWN;
  return name === 'prepare' && others.length > 0 ? { kind: 'tuple', items: args.positional } : first;
}
