/** Functions, methods and generators of the program: called by running their bodies. */
import type { FunctionDefinition, Lambda, Parameter, Span } from '../../python/syntax.ts';
import { dottedName } from '../../python/walk.ts';
import type { Interpreter } from '../interpreter.ts';
import { plantUnknown } from '../modules/module-objects.ts';
import { knownModulesBelow } from '../modules/module-parts.ts';
import { atFunctionEnd } from '../obligations/moments.ts';
import { isImported } from '../program.ts';
import type { Budget } from '../running/budgets.ts';
import type { Item } from '../state/heap.ts';
import { GRADIENTS_ON, GRADIENTS_UNKNOWN, type Gradients, type State } from '../state/state.ts';
import {
  type CallArguments,
  type ClassInfo,
  type FunctionValue,
  NO_ARGUMENTS,
  NONE,
  type ScopeId,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import { positionalItems } from './call-arguments.ts';
import { isCached } from './decorators.ts';
import { forgetWhatIsReachable } from './havoc.ts';
import { memberOf } from './python-classes.ts';

/** Nested calls that are followed; deeper ones give unknown. Real helpers nest three or four deep. */
const MAX_CALL_DEPTH = 24;
/** The same function on the stack this often is recursion that is not followed further. */
const MAX_RECURSION = 3;
/** Through a known tree of modules it is followed to the leaves; those of torchvision are at most eight deep. */
const MAX_TREE_RECURSION = 10;

const recursionLimit = (run: Interpreter, given: readonly Value[]): number =>
  given.some((value) => isKnownTree(run, value)) ? MAX_TREE_RECURSION : MAX_RECURSION;

function isKnownTree(run: Interpreter, value: Value): boolean {
  if (value.kind !== 'reference' || run.object(value)?.kind !== 'module') return false;
  return knownModulesBelow(run, value.id).every((id) => {
    const object = run.state.heap.get(id);
    return object?.kind === 'module' && object.certain && object.opaque === null;
  });
}

/** The function a `def` or `lambda` makes here. */
export function makeFunction(
  run: Interpreter,
  definition: FunctionDefinition | Lambda,
  owner: ClassInfo | null,
): FunctionValue {
  for (const frame of run.frames) frame.captured = true;
  const defaults = definition.parameters.map(({ defaultValue }) =>
    defaultValue ? run.evaluate(defaultValue) : null,
  );
  return { kind: 'function', definition, scopes: run.scopes, defaults, self: null, owner };
}

/** Whether gradients are recorded in a function by a decorator such as `@torch.no_grad()`; null without one. */
function decoratedGradients(definition: FunctionDefinition | Lambda): Gradients | null {
  if (definition.kind === 'lambda') return null;
  for (const decorator of definition.decorators) {
    const name = dottedName(decorator.kind === 'call' ? decorator.callee : decorator);
    if (name && /(^|\.)no_grad$/.test(name)) return { mode: 'off', since: decorator };
    if (name && /(^|\.)inference_mode$/.test(name)) {
      const plain = decorator.kind !== 'call' || decorator.args.length === 0;
      return plain ? { mode: 'inference', since: decorator } : GRADIENTS_UNKNOWN;
    }
    if (name && /(^|\.)enable_grad$/.test(name)) return GRADIENTS_ON;
  }
  return null;
}

/** Runs a function of the program with these arguments. */
export function invoke(run: Interpreter, callee: FunctionValue, args: CallArguments, at: Span): Value {
  run.step(at);
  const { definition } = callee;
  run.called.add(definition);
  const depth = run.callStack.filter((active) => active === definition).length;
  const given = [...args.positional, ...args.keywords.values(), ...(callee.self ? [callee.self] : [])];
  const spent: Budget | null =
    depth >= MAX_RECURSION && depth >= recursionLimit(run, given)
      ? 'recursion'
      : run.callStack.length >= MAX_CALL_DEPTH
        ? 'callDepth'
        : !run.steps.followsImports && isImported(definition)
          ? 'importedCalls'
          : run.idleness.isSpent(run, definition, given)
            ? 'idleCalls'
            : null;
  if (spent) {
    run.exhaustions.note(spent, spent === 'idleCalls' ? definition : at);
    forgetWhatIsReachable(run, given, at);
    return plantUnknown(run, run.identity(at, ':deep'));
  }
  if (isCached(definition)) return invokeOnce(run, callee, args, given, at);
  return invokeAnew(run, callee, args, at);
}

/** `await value`: a coroutine runs now, and only once. */
export function awaited(run: Interpreter, value: Value, at: Span): Value {
  const object = run.object(value);
  if (value.kind !== 'reference' || object?.kind !== 'iterator' || object.source.kind !== 'generator')
    return value;
  const { callee, scope } = object.source;
  if (callee.definition.kind !== 'functionDefinition' || callee.definition.isGenerator) return value;
  if (object.used !== 'no') {
    run.exceptions.doubt('RuntimeError');
    return UNKNOWN;
  }
  run.state.heap.set(value.id, { ...object, used: 'yes', usedAt: at });
  return run.within(`await ${value.id}`, () => runBody(run, callee, scope, {}, at));
}

/** Calls a method that the program's own class of an object has, such as `__len__`; null where it has none. */
export function callOwnMethod(
  run: Interpreter,
  self: Value,
  name: string,
  positional: readonly Value[],
  at: Span,
): Value | null {
  const object = run.object(self);
  const info = object?.kind === 'instance' || object?.kind === 'module' ? object.info : null;
  const method = info && memberOf(run, info, name)?.value;
  if (method?.kind !== 'function') return null;
  return invoke(run, { ...method, self }, { ...NO_ARGUMENTS, positional }, at);
}

/** A cached function runs once for the same constants and objects. */
function invokeOnce(
  run: Interpreter,
  callee: FunctionValue,
  args: CallArguments,
  given: readonly Value[],
  at: Span,
): Value {
  const key = given.map((value) =>
    value.kind === 'constant' ? JSON.stringify(value.value) : value.kind === 'reference' ? value.id : null,
  );
  const names = [...args.keywords.keys()].join();
  const place = `cache ${callee.definition.start}`;
  const name = `${names}(${key.join()})`;
  const known = run.state.variables.get(`${place}:${name}`);
  if (known) return known;
  const value = invokeAnew(run, callee, args, at);
  if (key.includes(null) || !args.complete) {
    // It may be what an earlier call gave.
    forgetWhatIsReachable(run, value, at);
    return value;
  }
  run.variables.bind(place, name, value);
  return value;
}

function invokeAnew(run: Interpreter, callee: FunctionValue, args: CallArguments, at: Span): Value {
  const { definition } = callee;
  return run.within(`${at.start}>${definition.start}`, () => {
    const scope: ScopeId = run.path;
    bindParameters(run, scope, callee, args, at);
    // A generator runs as its items are taken, a coroutine when it is awaited.
    if (definition.kind === 'functionDefinition' && (definition.isGenerator || definition.isAsync)) {
      return run.allocate(at, {
        kind: 'iterator',
        source: { kind: 'generator', callee, scope },
        used: 'no',
        usedAt: null,
        built: at,
      });
    }
    return runBody(run, callee, scope, {}, at);
  });
}

/** What becomes of what a generator yields: it is collected, or handed on. */
interface GeneratorUse {
  readonly collector?: number | null;
  readonly onYield?: ((value: Value) => void) | null;
}

/** Runs the body of a function whose parameters are bound in `scope`. */
export function runBody(
  run: Interpreter,
  callee: FunctionValue,
  scope: ScopeId,
  { collector = null, onYield = null }: GeneratorUse,
  at: Span | null,
): Value {
  const { definition } = callee;
  const saved = { scopes: run.scopes, loops: run.loops, gradients: run.state.gradients };
  const frame = {
    returns: [] as { state: State; value: Value }[],
    collector,
    onYield,
    owner: callee.owner,
    self: callee.self,
    name: definition.kind === 'lambda' ? '' : definition.name,
    definition,
    caller: at && !isDefinition(at) ? { at, scopes: run.scopes } : null,
    scopes: [...callee.scopes, scope],
    redirected: new Map<string, ScopeId>(),
    captured: false,
    lostPaths: false,
  };
  run.scopes = frame.scopes;
  run.loops = [];
  run.frames.push(frame);
  run.callStack.push(definition);
  const noteIdleness = run.idleness.watch(run, definition);
  const gradients = decoratedGradients(definition);
  if (gradients) run.state.gradients = gradients;
  if (definition.kind === 'lambda') {
    const value = run.evaluate(definition.body);
    if (!run.dead) frame.returns.push({ state: run.state, value });
  } else {
    run.runBlock(definition.body);
    if (!run.dead) frame.returns.push({ state: run.state, value: NONE });
  }
  run.callStack.pop();
  run.frames.pop();
  run.scopes = saved.scopes;
  run.loops = saved.loops;
  const [first, ...rest] = frame.returns;
  if (!first) {
    run.dead = true;
    return UNKNOWN;
  }
  run.dead = false;
  run.state = first.state;
  let { value } = first;
  for (const other of rest) {
    run.joinInto(other.state);
    value = run.joinValues(value, other.value);
  }
  noteIdleness(value);
  if (gradients) run.state.gradients = saved.gradients;
  if (definition.kind === 'functionDefinition') run.watch?.end(run, definition, frame.scopes);
  atFunctionEnd(run, scope, frame.caller?.at ?? null);
  if (!frame.captured && collector === null && !onYield) run.variables.forget(scope);
  return value;
}

/** A function that nothing calls is run from its own definition. */
const isDefinition = (at: Span & { readonly kind?: string }): boolean =>
  at.kind === 'functionDefinition' || at.kind === 'classDefinition' || at.kind === 'lambda';

function bindParameters(
  run: Interpreter,
  scope: ScopeId,
  callee: FunctionValue,
  args: CallArguments,
  at: Span,
): void {
  const { definition, defaults, self } = callee;
  const bind = (name: string, value: Value): void => run.variables.bind(scope, name, value);
  const positional = positionalItems(args);
  if (self) positional.unshift({ value: self, multiplicity: 'one' });
  const keywords = new Map(args.keywords);
  for (const [index, parameter] of definition.parameters.entries()) {
    if (parameter.form === 'star') {
      const items = positional.splice(0);
      bind(
        parameter.name,
        args.complete
          ? { kind: 'tuple', items: items.map(({ value }) => value) }
          : run.allocate(parameter, { kind: 'list', items, complete: false }),
      );
    } else if (parameter.form === 'doubleStar') {
      const entries = [...keywords].map(([name, value]) => ({
        key: { kind: 'constant', value: name } as const,
        value,
        multiplicity: 'one' as const,
      }));
      bind(parameter.name, run.allocate(parameter, { kind: 'dictionary', entries, complete: args.complete }));
    } else {
      bind(
        parameter.name,
        takeArgument(run, parameter, positional, keywords, defaults[index] ?? null, args, at),
      );
    }
  }
}

function takeArgument(
  run: Interpreter,
  parameter: Parameter,
  positional: Item[],
  keywords: Map<string, Value>,
  defaultValue: Value | null,
  args: CallArguments,
  at: Span,
): Value {
  if (parameter.form !== 'keywordOnly') {
    const [next] = positional;
    if (next?.multiplicity === 'one') {
      positional.shift();
      return next.value;
    }
    // Which of the rest this parameter gets is anybody's guess.
    for (const { value } of positional) forgetWhatIsReachable(run, value, at);
  }
  const named = keywords.get(parameter.name);
  if (named) {
    keywords.delete(parameter.name);
    return named;
  }
  if (defaultValue && args.complete) return defaultValue;
  return plantUnknown(run, run.identity(at, `:${parameter.name}`));
}
