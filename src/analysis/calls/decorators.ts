/** What decorators make of functions and classes. */
import type { ClassDefinition, FunctionDefinition, Lambda } from '../../python/syntax.ts';
import { dottedName } from '../../python/walk.ts';
import type { Interpreter } from '../interpreter.ts';
import {
  type Binding,
  type CallArguments,
  external,
  type FunctionValue,
  NO_ARGUMENTS,
  UNKNOWN,
  type Value,
} from '../state/values.ts';

const namesOf = (definition: FunctionDefinition | Lambda): readonly (string | null)[] =>
  definition.kind === 'lambda'
    ? []
    : definition.decorators.map((decorator) =>
        dottedName(decorator.kind === 'call' ? decorator.callee : decorator),
      );

/** How a function is bound when it is looked up on an instance. */
export function bindingOf({ definition, binding }: FunctionValue): Binding {
  if (binding) return binding;
  for (const name of namesOf(definition)) {
    const known = name === null ? undefined : bindingBy(name);
    if (known) return known;
    if (name && ACCESSOR.test(name)) return 'property';
  }
  return 'plain';
}

/** What `property` and its sisters make of a function, by their dotted names; undefined for any other decorator. */
export function bindingBy(name: string): Binding | undefined {
  if (name.endsWith('cached_property')) return 'cached property';
  return BINDINGS[name.replace(/^builtins\./, '')];
}

/** `property(function)` and its sisters, called. */
export function boundBy(name: string, { positional, keywords }: CallArguments): Value {
  const getter = positional[0] ?? keywords.get('fget');
  const setter = positional[1] ?? keywords.get('fset');
  if (getter?.kind !== 'function') return external(`builtins.${name}()`);
  return { ...getter, binding: bindingBy(name) ?? 'plain', ...(setter ? { setter } : {}) };
}

const BINDINGS: Readonly<Record<string, Binding | undefined>> = {
  staticmethod: 'static',
  classmethod: 'class',
  property: 'property',
};

const ACCESSOR = /\.(setter|deleter)$/;

/** Under which name a class keeps a function: what sets `x` as `x.setter`, beside the property `x`. */
export function memberName(definition: FunctionDefinition): string {
  for (const name of namesOf(definition)) {
    const accessor = name && ACCESSOR.exec(name);
    if (accessor) return `${definition.name}.${accessor[1]}`;
  }
  return definition.name;
}

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
  if (value.kind === 'function' && bindingOf(value) !== 'plain') return value;
  let decorated = value;
  for (const { node, decorator } of decorators.toReversed()) {
    const binding = decorator.kind === 'external' ? bindingBy(decorator.path) : undefined;
    if (binding && decorated.kind === 'function') decorated = { ...decorated, binding };
    const positional = [decorated];
    if (decorator.kind === 'external' && DISPATCHERS.has(decorator.path)) {
      decorated = external(`${decorator.path}()`);
    } else if (isOfProgram(run, decorator) || run.object(decorator)?.kind === 'iterator') {
      const made = run.call(decorator, { ...NO_ARGUMENTS, positional }, node);
      decorated = isOfProgram(run, made)
        ? made
        : // Whatever is called instead may call both.
          {
            kind: 'partial',
            isMethod: true,
            callee: UNKNOWN,
            args: { ...NO_ARGUMENTS, positional: [decorator, ...positional] },
          };
    }
  }
  return decorated;
}

/** What calls one of several functions, by its first argument. */
const DISPATCHERS = new Set(['functools.singledispatch', 'functools.singledispatchmethod']);

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
