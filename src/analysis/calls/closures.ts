/** What a function of the program can change beside its arguments, where code out of sight may call it. */
import type { FunctionDefinition, Lambda } from '../../python/syntax.ts';
import { walk } from '../../python/walk.ts';
import type { Interpreter } from '../interpreter.ts';
import type { FunctionValue, Value } from '../state/values.ts';

/** Words without which code sets no flag and fills no optimizer. */
export const CHANGES_FLAGS =
  /requires_grad|freeze|trainable|\bsetattr\b|\bapply\(|add_param_group|param_groups/;

const namesIn = new WeakMap<FunctionDefinition | Lambda, readonly string[]>();

const settingFlags = new WeakMap<FunctionDefinition | Lambda, boolean>();

/** Every name that a function's code mentions. */
function mentioned(definition: FunctionDefinition | Lambda): readonly string[] {
  let names = namesIn.get(definition);
  if (!names) {
    names = [...new Set([...walk(definition)].flatMap((node) => (node.kind === 'name' ? [node.id] : [])))];
    namesIn.set(definition, names);
  }
  return names;
}

/** The values of the variables that a function and those it calls use, if any of them may set a flag. */
export function changedThrough(run: Interpreter, callee: FunctionValue): readonly Value[] {
  const { functions, values } = capturedBy(run, callee);
  return functions.some(({ definition }) => setsFlags(run, definition)) ? values : [];
}

/** A function with those of the program that it calls, and the values of the other variables that they use. */
export function capturedBy(
  run: Interpreter,
  callee: FunctionValue,
): { readonly functions: readonly FunctionValue[]; readonly values: readonly Value[] } {
  const functions = [callee];
  const values: Value[] = [];
  for (const { definition, scopes } of functions) {
    for (const name of mentioned(definition)) {
      const scope = scopes.findLast((one) => run.state.variables.get(`${one}:${name}`));
      const value = scope === undefined ? undefined : run.state.variables.get(`${scope}:${name}`);
      if (value?.kind !== 'function') {
        if (value) values.push(value);
      } else if (!functions.some((known) => known.definition === value.definition)) functions.push(value);
    }
  }
  return { functions, values };
}

/** Whether a function's own code has any of those words. */
export function setsFlags(run: Interpreter, definition: FunctionDefinition | Lambda): boolean {
  let answer = settingFlags.get(definition);
  if (answer === undefined) {
    answer = CHANGES_FLAGS.test(run.sourceOf(definition));
    settingFlags.set(definition, answer);
  }
  return answer;
}
