/**
 * Uses of `parameters()` and its sisters that Python refuses with an exception: noted for the rules, and read on as
 * if they had been mended.
 */
import type { Expression, Span } from '../../python/syntax.ts';
import { sequenceOf } from '../builtins/sequences.ts';
import { ancestry } from '../calls/python-classes.ts';
import type { Refused } from '../events.ts';
import type { Interpreter } from '../interpreter.ts';
import { describeReceiver } from '../observations/receivers.ts';
import type { IteratorSource } from '../state/heap.ts';
import {
  type CallArguments,
  type ObjectId,
  reference,
  type TupleValue,
  type Value,
} from '../state/values.ts';
import { iterate } from './module-iterations.ts';
import { isModuleIteration } from './module-method-names.ts';
import { noteMethodUse } from './module-objects.ts';
import { setFlags } from './module-state.ts';

const argumentsOf = (...positional: readonly Value[]): CallArguments => ({
  positional,
  keywords: new Map(),
  complete: true,
});

type Details = Pick<Refused, 'what' | 'use' | 'span' | 'made' | 'method'> & {
  readonly at?: Expression | null;
};

/** Notes a use that raises `error`; `sure` says that the program gets here and that it raises. */
function refuse(run: Interpreter, module: ObjectId, details: Details, error: string, sure = true): void {
  const receiver = describeReceiver(run, reference(module), details.method);
  run.emit({ kind: 'refused', at: null, ...details, receiver });
  if (!receiver.certain) return;
  if (sure) run.exceptions.note(details.span, error);
  else run.exceptions.doubt(error);
}

// ------------------------------------------------------------------ a method that was not called

/** `model.parameters` where an iterable is wanted (catalogue b02): what the call would give; other values as they are. */
export function callForgotten(run: Interpreter, value: Value, at: Span): Value {
  const iteration = forgottenCall(run, value);
  if (!iteration) return value;
  const { module, method, made } = iteration;
  refuse(run, module, { what: 'method', use: 'iterate', span: at, made, method }, 'TypeError');
  return calledIteration(run, iteration);
}

interface Iteration {
  readonly module: ObjectId;
  readonly method: Refused['method'];
  readonly made: Span;
}

function forgottenCall(run: Interpreter, value: Value): Iteration | null {
  if (value.kind !== 'method' || !value.at || !isModuleIteration(value.name)) return null;
  const isModule = value.receiver.kind === 'reference' && run.object(value.receiver)?.kind === 'module';
  return isModule ? { module: value.receiver.id, method: value.name, made: value.at } : null;
}

function calledIteration(run: Interpreter, { module, method, made }: Iteration): Value {
  noteMethodUse(run, reference(module), method);
  return iterate(run, module, method, argumentsOf(), made);
}

// ------------------------------------------------------------------------ a generator is no list

/** The module whose parameters or children an iterator gives, also through `filter`, `map` and their kin. */
function sourceModule(
  run: Interpreter,
  value: Value,
): { readonly module: ObjectId; readonly method: Refused['method'] } | null {
  const object = run.object(value);
  if (object?.kind !== 'iterator') return null;
  const { source } = object;
  if (source.kind === 'module') return source;
  for (const inner of innerOf(source)) {
    const found = sourceModule(run, inner);
    if (found) return found;
  }
  return null;
}

function innerOf(source: IteratorSource): readonly Value[] {
  if (!('inner' in source)) return [];
  return source.kind === 'map' || source.kind === 'zip' || source.kind === 'chain'
    ? source.inner
    : [source.inner];
}

/**
 * What was asked of the generator that `model.parameters()` gives, or of the method itself, is what only a list can
 * do (catalogue b04): notes that and gives the list. Null for other values.
 */
export function listOfIteration(
  run: Interpreter,
  value: Value,
  use: Refused['use'],
  at: Span,
): (Value & { kind: 'reference' }) | null {
  const forgotten = forgottenCall(run, value);
  const iterator = forgotten ? calledIteration(run, forgotten) : value;
  const source = sourceModule(run, iterator);
  const object = run.object(iterator);
  if (!source || object?.kind !== 'iterator') return null;
  const { module, method } = source;
  const made = forgotten?.made ?? object.built;
  const what = forgotten ? 'method' : 'iterator';
  refuse(run, module, { what, use, span: at, made, method }, 'TypeError');
  // What has a length is a list after all, where the receiver is no Module: it may be gone through again.
  const { items, complete } = sequenceOf(run, iterator, at, 'partial');
  return run.allocate(at, { kind: 'list', items, complete }, `:listed ${made.start}`);
}

/** What generators have; `filter` and `map` objects have less. */
const GENERATOR_ATTRIBUTES = /^_|^gi_|^(?:send|throw|close)$/;

/**
 * `model.parameters().requires_grad_`, read: notes that neither a generator nor the method has the attribute, and
 * gives what was meant (catalogue a18). Null where nothing is wrong or nothing can be meant.
 */
export function attributeOfIteration(
  run: Interpreter,
  value: Value,
  name: string,
  at: Expression,
): Value | null {
  if (at.kind !== 'attribute' || GENERATOR_ATTRIBUTES.test(name)) return null;
  const module = refuseAttribute(run, value, at, at);
  if (module === null || name !== 'requires_grad_') return null;
  return { kind: 'method', receiver: reference(module), name };
}

/** `model.parameters().requires_grad = value`: notes it and does what was meant. */
export function setOnIteration(
  run: Interpreter,
  target: Value,
  name: string,
  value: Value,
  at: Expression | null,
  span: Span,
): void {
  const module = refuseAttribute(run, target, at, at ?? span);
  const object = module === null ? undefined : run.state.heap.get(module);
  if (name !== 'requires_grad' || module === null || object?.kind !== 'module') return;
  setFlags(run, module, object, argumentsOf(value), span);
}

function refuseAttribute(run: Interpreter, value: Value, at: Expression | null, span: Span): ObjectId | null {
  const forgotten = forgottenCall(run, value);
  const object = run.object(value);
  const source = forgotten ?? sourceModule(run, value);
  if (!source) return null;
  const made = forgotten?.made ?? (object?.kind === 'iterator' ? object.built : span);
  const { module, method } = source;
  const what = forgotten ? 'method' : 'iterator';
  refuse(run, module, { what, use: 'attribute', span, made, method, at }, 'AttributeError');
  return module;
}

// ------------------------------------------------------------------------------ names and parameters

/**
 * An attribute of the pair that `named_parameters()` gives, where that of the parameter was meant (catalogue b03):
 * notes it and gives the parameter. Null for other tuples.
 */
export function memberOfPair(
  run: Interpreter,
  { items, pairOf }: TupleValue,
  name: string,
  at: Expression | null,
  span: Span | null = at,
): Value | null {
  const [, member] = items;
  if (!pairOf || !member || !span || /^(?:count|index|__\w+__)$/.test(name)) return null;
  if (at && at.kind !== 'attribute') return null;
  const { module, method, made } = pairOf;
  // A class of parameters may turn out to be empty, and its loop never to run.
  const sure = member.kind !== 'parameter' || !run.atoms.isClass(member.atom);
  refuse(run, module, { what: 'pair', use: 'attribute', span, made, method, at }, 'AttributeError', sure);
  return member;
}

/**
 * `for name, p in model.parameters()` (catalogue b03), also below `enumerate`: notes it where what is iterated over
 * cannot be taken apart like that, and gives what was meant. Other iterables come back as they are.
 */
export function nameUnpacked(run: Interpreter, iterable: Value, target: Expression): Value {
  const object = run.object(iterable);
  if (object?.kind !== 'iterator' || object.used !== 'no') return iterable;
  if (target.kind !== 'tuple' && target.kind !== 'list') return iterable;
  const { source } = object;
  if (source.kind === 'enumerate') {
    const [, second] = target.elements;
    if (target.elements.length !== 2 || !second) return iterable;
    const inner = nameUnpacked(run, source.inner, second);
    return inner === source.inner
      ? iterable
      : run.allocate(target, { ...object, source: { ...source, inner } }, ':named');
  }
  if (source.kind !== 'module' || target.elements.length !== 2) return iterable;
  if (target.elements.some(({ kind }) => kind === 'starred')) return iterable;
  const named = {
    parameters: 'named_parameters',
    children: 'named_children',
    modules: 'named_modules',
  } as const;
  const method = source.method;
  if (method !== 'parameters' && method !== 'children' && method !== 'modules') return iterable;
  const [first] = sequenceOf(run, run.allocate(target, object, ':peek'), target, 'partial').items;
  if (!first) return iterable;
  const verdict = takesApart(run, first.value);
  if (verdict === true) return iterable;
  const error = method === 'parameters' ? 'ValueError' : 'TypeError';
  refuse(
    run,
    source.module,
    {
      what: 'item',
      use: verdict === false ? 'unpack' : 'perhapsUnpack',
      span: target,
      made: object.built,
      method,
    },
    error,
    verdict === false && first.multiplicity === 'one',
  );
  return run.allocate(target, { ...object, source: { ...source, method: named[method] } }, ':named');
}

const CONTAINERS = /^torch\.nn\.(?:Sequential|Module(?:List|Dict)|Parameter(?:List|Dict))$/;

/** Whether a parameter or module gives exactly two things when it is iterated over; null where it is not known. */
function takesApart(run: Interpreter, value: Value): boolean | null {
  if (value.kind === 'parameter') {
    const shape = run.atoms.shapeOf(value.atom);
    if (run.atoms.isClass(value.atom)) return false;
    return shape ? shape[0] === 2 : null;
  }
  const object = run.object(value);
  if (object?.kind !== 'module' || object.generic || !object.certain) return true;
  const kinds = object.info ? [...ancestry(object.info)] : [object.library ?? '?'];
  // Python also iterates over what only has `__getitem__`.
  return kinds.some((one) =>
    typeof one === 'string'
      ? one === '?' || CONTAINERS.test(one)
      : one.members.has('__iter__') || one.members.has('__getitem__'),
  );
}
