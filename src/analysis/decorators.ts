/** What decorators make of functions and classes. */
import type { ClassDefinition, FunctionDefinition, Lambda } from '../python/syntax.ts';
import { dottedName } from '../python/walk.ts';
import type { Interpreter } from './interpreter.ts';
import { NO_ARGUMENTS, type Value } from './values.ts';

type Binding = 'plain' | 'static' | 'class' | 'property';

const namesOf = (definition: FunctionDefinition | Lambda): readonly (string | null)[] =>
  definition.kind === 'lambda'
    ? []
    : definition.decorators.map((decorator) =>
        dottedName(decorator.kind === 'call' ? decorator.callee : decorator),
      );

/** How a decorated function is bound when it is looked up on an instance. */
export function bindingOf(definition: FunctionDefinition | Lambda): Binding {
  for (const name of namesOf(definition)) {
    if (name === 'staticmethod') return 'static';
    if (name === 'classmethod') return 'class';
    if (name === 'property' || name?.endsWith('cached_property')) return 'property';
    if (name && ACCESSOR.test(name)) return 'property';
  }
  return 'plain';
}

const ACCESSOR = /\.(setter|deleter)$/;

/** Under which name a class keeps a function: what sets `x` as `x.setter`, beside the property `x`. */
export function memberName(definition: FunctionDefinition): string {
  for (const name of namesOf(definition)) {
    const accessor = name && ACCESSOR.exec(name);
    if (accessor) return `${definition.name}.${accessor[1]}`;
  }
  return definition.name;
}

/** A property whose value is computed once and kept on the instance. */
export const isCachedProperty = (definition: FunctionDefinition | Lambda): boolean =>
  namesOf(definition).some((name) => name?.endsWith('cached_property'));

/** Whether the function gives for the same arguments what it gave the first time: `@functools.lru_cache`. */
export const isCached = (definition: FunctionDefinition | Lambda): boolean =>
  namesOf(definition).some((name) => /(?:^|\.)(?:lru_cache|cache)$/.test(name ?? ''));

/** A function or class after its decorators: those of the program are called, others taken to leave it as it is. */
export function decorate(
  run: Interpreter,
  definition: FunctionDefinition | ClassDefinition,
  value: Value,
): Value {
  const decorators = definition.decorators.map((node) => ({ node, decorator: run.evaluate(node) }));
  if (definition.kind === 'functionDefinition' && bindingOf(definition) !== 'plain') return value;
  let decorated = value;
  for (const { node, decorator } of decorators.toReversed()) {
    if (!isOfProgram(run, decorator)) continue;
    const made = run.call(decorator, { ...NO_ARGUMENTS, positional: [decorated] }, node);
    if (isOfProgram(run, made)) decorated = made;
  }
  return decorated;
}

/** Whether it is something that can be called and whose code is at hand. */
function isOfProgram(run: Interpreter, value: Value): boolean {
  switch (value.kind) {
    case 'function':
    case 'class':
      return true;
    case 'partial':
      return isOfProgram(run, value.callee);
    case 'reference': {
      const object = run.object(value);
      return object?.kind === 'instance' && object.info !== null;
    }
    default:
      return false;
  }
}
