/** Names of the methods of nn.Module and its containers. */
import { harmlessMethod, returnsSelf } from '../../torch/harmless.ts';
import type { ModuleIteration } from '../state/heap.ts';

const CONTAINER_METHODS = new Set(
  'append extend insert update pop popitem setdefault get copy fromkeys clear __setitem__ items keys values'.split(
    ' ',
  ),
);

/** Whether a name is a method that containers have and other modules have not. */
export const isContainerMethod = (name: string): boolean => CONTAINER_METHODS.has(name);

const ITERATIONS: ReadonlySet<string> = new Set<ModuleIteration>([
  'parameters',
  'named_parameters',
  'children',
  'named_children',
  'modules',
  'named_modules',
]);

/** Methods that nn.Module has and containers have not. */
const METHODS = new Set([
  ...ITERATIONS,
  'requires_grad_',
  'train',
  'eval',
  'apply',
  'add_module',
  'register_module',
  'register_parameter',
  'get_submodule',
  'get_parameter',
  '__getattr__',
  '__getattribute__',
  '__setattr__',
  '__delattr__',
  'state_dict',
  'load_state_dict',
  'forward',
  '__call__',
  '__init__',
]);

/** Whether a name is `parameters` or one of its sisters, which give generators. */
export const isModuleIteration = (name: string): name is ModuleIteration => ITERATIONS.has(name);

/** Whether a name is a method that nn.Module or one of its containers has. */
export function isModuleMethod(name: string): boolean {
  return (
    METHODS.has(name) ||
    isContainerMethod(name) ||
    returnsSelf(name) ||
    harmlessMethod(name, 'module') !== null
  );
}
