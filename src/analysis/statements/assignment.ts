/** `target = value` for every kind of target, and `del target`. */

import type { Attribute, Expression, Span } from '../../python/syntax.ts';
import { misspelledRequiresGrad } from '../../torch/attribute-spelling.ts';
import { sequenceOf } from '../builtins/sequences.ts';
import { bindingOf } from '../calls/decorators.ts';
import { callOwnMethod, invoke } from '../calls/functions.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import {
  externalScope,
  findMember,
  isPythonClass,
  memberOf,
  specialMethod,
} from '../calls/python-classes.ts';
import { forgetUnseenAliases } from '../calls/unknown-calls.ts';
import { refuseNone } from '../expressions/attributes.ts';
import type { Interpreter } from '../interpreter.ts';
import {
  emptyParameter,
  removeMember,
  setChild,
  setParameter,
  setPlainAttribute,
} from '../modules/module-changes.ts';
import { isParameterName } from '../modules/module-objects.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import { memberOfPair, setOnIteration } from '../modules/refusals.ts';
import { isRegistry } from '../modules/registries.ts';
import { isBeingMade } from '../obligations/head-frozen.ts';
import {
  afterGradientWrite,
  afterModuleChange,
  afterNameUse,
  afterParameterChange,
  afterReplacedValue,
  afterSchedulerUse,
} from '../obligations/moments.ts';
import { noteLayerPutIn } from '../observations/layer-replacement.ts';
import { describeReceiver } from '../observations/receivers.ts';
import { writeFlag } from '../state/flags.ts';
import {
  type ClassInfo,
  constant,
  type FunctionValue,
  isNone,
  NO_ARGUMENTS,
  type ObjectId,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import { flagMeant, noteFlagValue } from '../tensors/flag-values.ts';
import { askForGradient, refuseFlag } from '../tensors/graphs.ts';
import { replaceGroups } from '../training/optimizer-objects.ts';
import { setNamespaceAttribute } from './imports.ts';
import { deleteItem, setItem } from './item-assignment.ts';

/** Where an assignment stands: the whole statement for the writer, the value for the rules. */
export interface AssignmentPlace {
  readonly statement: Span;
  readonly valueNode: Expression | null;
  /** Whether it goes past a `__setattr__` of the program, as `super().__setattr__()` does. */
  readonly isPlain?: boolean;
}

export function bindTarget(
  run: Interpreter,
  target: Expression,
  value: Value,
  place: AssignmentPlace = { statement: target, valueNode: null },
): void {
  switch (target.kind) {
    case 'name':
      run.variables.assign(target.id, value);
      return;
    case 'tuple':
    case 'list':
      unpack(run, target.elements, value, place);
      return;
    case 'starred':
      bindTarget(run, target.value, value, place);
      return;
    case 'attribute':
      run.each(run.evaluate(target.object), (object) => {
        setAttribute(run, object, target.name, value, target, place);
        return UNKNOWN;
      });
      return;
    case 'subscript': {
      const object = run.evaluate(target.object);
      const index = run.evaluate(target.index);
      run.each(object, (option) => {
        setItem(run, option, index, target.index.kind === 'slice', value, target);
        return UNKNOWN;
      });
      return;
    }
    default:
      return;
  }
}

/** What each target may get where several tuples of the right length come in question: by which `return` was taken. */
function columnsOf(value: Value, targets: readonly Expression[]): readonly (readonly Value[])[] | null {
  if (value.kind !== 'union' || targets.some(({ kind }) => kind === 'starred')) return null;
  const rows: (readonly Value[])[] = [];
  for (const option of value.options) {
    if (option.kind !== 'tuple' || option.items.length !== targets.length) return null;
    rows.push(option.items);
  }
  return targets.map((_, index) => rows.map((row) => row[index] ?? UNKNOWN));
}

function unpack(
  run: Interpreter,
  targets: readonly Expression[],
  value: Value,
  place: AssignmentPlace,
): void {
  const columns = columnsOf(value, targets);
  if (columns) {
    for (const [index, target] of targets.entries()) {
      const [first = UNKNOWN, ...rest] = columns[index] ?? [];
      bindTarget(
        run,
        target,
        rest.reduce((a, b) => run.joinValues(a, b), first),
        place,
      );
    }
    return;
  }
  const { items, complete } = sequenceOf(run, value, place.statement, 'full');
  const exact = complete && items.every(({ multiplicity }) => multiplicity === 'one');
  const star = targets.findIndex((target) => target.kind === 'starred');
  if (!exact) run.exceptions.mayHaveRaised = true;
  else if (star < 0 ? items.length !== targets.length : items.length < targets.length - 1)
    run.exceptions.refuse(place.statement, 'ValueError');
  for (const [index, target] of targets.entries()) {
    if (!exact || (star < 0 && items.length !== targets.length)) {
      bindTarget(run, target, UNKNOWN, place);
      continue;
    }
    const afterStar = targets.length - 1 - star;
    if (star >= 0 && index === star) {
      const middle = items.slice(star, Math.max(star, items.length - afterStar));
      bindTarget(run, target, run.allocate(target, { kind: 'list', items: middle, complete: true }), place);
      continue;
    }
    const position = star >= 0 && index > star ? items.length - (targets.length - index) : index;
    bindTarget(run, target, items[position]?.value ?? UNKNOWN, place);
  }
}

/** `object.name = value`, also through setattr (then `target` is null). */
export function setAttribute(
  run: Interpreter,
  object: Value,
  name: string,
  value: Value,
  target: Attribute | null,
  place: AssignmentPlace,
): void {
  run.attributesSet.add(name);
  const { valueNode } = place;
  if (valueNode && isFlagLike(name)) {
    run.emit({
      kind: 'attributeAssigned',
      span: place.statement,
      target,
      attribute: name,
      receiver: describeReceiver(run, object, name),
      value,
      valueNode,
      onSelf: target?.object.kind === 'name' && target.object.id === 'self',
    });
  }
  if (valueNode && target) noteShadowedMethod(run, object, target, value, valueNode);
  if (name === 'requires_grad' && /^(?:parameter|someParameter|tensor)$/.test(object.kind)) {
    noteFlagValue(run, 'assignment', object, value, valueNode, place.statement);
  }
  switch (object.kind) {
    case 'parameter':
      if (name === 'requires_grad') setFlag(run, [object.atom], value, true, place.statement);
      if (name === 'grad') afterGradientWrite(run, [object.atom]);
      return;
    case 'someParameter':
      if (name === 'requires_grad') setFlag(run, object.atoms, value, false, place.statement);
      if (name === 'grad') afterGradientWrite(run, object.atoms);
      return;
    case 'union':
      run.each(object, (option) => {
        setAttribute(run, option, name, value, target, place);
        return UNKNOWN;
      });
      return;
    case 'tensor':
      if (name !== 'requires_grad' || value.kind !== 'constant') return;
      if (object.graph?.kind === 'attached') {
        if (typeof value.value === 'boolean')
          refuseFlag(run, object, value.value ? null : (target?.object ?? null), place.statement);
      } else if (value.value === true) {
        askForGradient(run, object, target?.object ?? null, place.statement);
      }
      return;
    case 'tuple': {
      const member = memberOfPair(run, object, name, target, target ?? place.statement);
      if (member) setAttribute(run, member, name, value, target, place);
      return;
    }
    case 'method':
      setOnIteration(run, object, name, value, target, place.statement);
      return;
    case 'reference':
      setObjectAttribute(run, object, name, value, target, place);
      if (name === 'requires_grad' && value.kind === 'constant' && value.value === true) {
        askForGradient(run, object, null, place.statement);
      }
      return;
    case 'class':
      setClassAttribute(run, object.info, name, value, place.statement);
      return;
    case 'external':
      // A class of a library, say, that every instance has the attribute from.
      run.variables.bind(externalScope(object.path), name, value);
      return;
    case 'namespace':
      setNamespaceAttribute(run, object, name, value);
      return;
    case 'constant':
      if (object.value === null) refuseNone(run, name, target ?? place.statement);
      return;
    default:
      forgetUnseenAliases(run, place.statement);
      // An object out of sight now holds the value: whatever it does with it is out of sight too.
      return;
  }
}

/** Whether a method of the running class sets an attribute of its own instance that has the name of another method. */
function noteShadowedMethod(
  run: Interpreter,
  object: Value,
  target: Attribute,
  value: Value,
  valueNode: Expression,
): void {
  const frame = run.frames.at(-1);
  if (object.kind !== 'reference' || frame?.self?.kind !== 'reference' || frame.self.id !== object.id) return;
  const instance = run.object(object);
  const info = instance?.kind === 'module' || instance?.kind === 'instance' ? instance.info : null;
  const found = info && findMember(info, target.name);
  if (!found || found.owner !== frame.owner || findMember(info, '__setattr__')) return;
  if (found.value.kind !== 'function' || found.value.definition.kind !== 'functionDefinition') return;
  const method = found.value.definition;
  if (/property/.test(bindingOf(found.value))) return;
  run.emit({ kind: 'methodShadowed', target, className: found.owner.name, method, value, valueNode });
}

/** Attributes that people set to freeze something, right or wrong. */
const isFlagLike = (name: string): boolean =>
  name === 'requires_grad' ||
  name === 'requires_grad_' ||
  name === 'trainable' ||
  name === 'stop_gradient' ||
  misspelledRequiresGrad(name) !== null;

function setFlag(run: Interpreter, atoms: readonly number[], value: Value, certain: boolean, at: Span): void {
  writeFlag(run, atoms, flagMeant(run, value), certain, at);
}

function setObjectAttribute(
  run: Interpreter,
  reference: Value & { kind: 'reference' },
  name: string,
  value: Value,
  target: Attribute | null,
  place: AssignmentPlace,
): void {
  const object = run.object(reference);
  switch (object?.kind) {
    case 'module': {
      if (callSetter(run, object.info, reference, name, value, place)) return;
      setModuleAttribute(run, reference.id, name, value, place.statement);
      return;
    }
    case 'instance': {
      if (callSetter(run, object.info, reference, name, value, place)) return;
      const before = object.attributes.get(name) ?? null;
      run.state.heap.set(reference.id, {
        ...object,
        attributes: new Map(object.attributes).set(name, value),
      });
      afterSchedulerUse(run, reference.id, name);
      afterReplacedValue(run, before, value, place.statement);
      return;
    }
    case 'optimizer':
      if (name === 'param_groups' && value.kind === 'reference') {
        replaceGroups(run, object, value.id);
      } else {
        run.state.heap.set(reference.id, {
          ...object,
          attributes: new Map(object.attributes).set(name, value),
        });
      }
      return;
    case 'iterator':
      setOnIteration(run, reference, name, value, target, place.statement);
      return;
    case 'list':
      // Of no list, set or deque can attributes be set (catalogue a19).
      if (!object.isSlice) run.exceptions.note(target ?? place.statement, 'AttributeError');
      return;
    default:
      return;
  }
}

/** Hands the value to the method that the class has for setting this attribute, if it has one. */
function callSetter(
  run: Interpreter,
  info: ClassInfo | null,
  self: Value,
  name: string,
  value: Value,
  { statement, isPlain }: AssignmentPlace,
): boolean {
  if (!info) return false;
  const call = (method: FunctionValue, ...positional: Value[]): true => {
    invoke(run, method, { ...NO_ARGUMENTS, positional }, statement);
    return true;
  };
  const own = isPlain ? null : specialMethod(run, self, '__setattr__');
  if (own) return call(own, constant(name), value);
  // nn.Module registers modules and Parameters before Python looks for a property.
  const isRegistered =
    run.object(self)?.kind === 'module' &&
    (value.kind === 'parameter' || run.object(value)?.kind === 'module');
  if (isRegistered) return false;
  const setter = memberOf(run, info, `${name}.setter`)?.value;
  if (setter?.kind === 'function') return call({ ...setter, self }, value);
  const member = memberOf(run, info, name)?.value;
  if (member?.kind === 'function' && member.setter?.kind === 'function')
    return call({ ...member.setter, self }, value);
  const descriptor = member && specialMethod(run, member, '__set__');
  return descriptor ? call(descriptor, self, value) : false;
}

/** `Class.name = value` */
function setClassAttribute(run: Interpreter, info: ClassInfo, name: string, value: Value, at: Span): void {
  const before = memberOf(run, info, name)?.value ?? null;
  run.variables.bind(info.scope, name, value);
  afterReplacedValue(run, before, value, at);
}

/** `module.name = value`: a module becomes a child, a Parameter a parameter, anything else an attribute. */
export function setModuleAttribute(
  run: Interpreter,
  id: ObjectId,
  name: string,
  value: Value,
  at: Span,
): void {
  const object = run.state.heap.get(id);
  if (object?.kind !== 'module') return;
  if (name === 'requires_grad' && object.opaque && !object.certain) {
    // It may be a Parameter after all: certainly one where its name says so.
    const [last = ''] = object.opaque.path.split('.').slice(-1);
    if (isParameterName(last) || !run.moduleEvidence.has(`${object.opaque.root}:${object.opaque.path}`)) {
      const atoms = object.opaque.path === '' ? [] : atomsBelow(run, id).may;
      if (atoms.length > 0) writeFlag(run, atoms, flagMeant(run, value), isParameterName(last), at);
    }
  }
  if (isRegistry(name)) {
    forgetWhatIsReachable(run, [{ kind: 'reference', id }, value], at);
    return;
  }
  const options = value.kind === 'union' ? value.options : [value];
  const children = options.map((option): ObjectId | null | undefined => {
    if (isNone(option)) return object.children.has(name) ? null : undefined;
    const child = run.object(option);
    return child?.kind === 'module' && option.kind === 'reference' ? option.id : undefined;
  });
  const replaced = object.children.get(name);
  if (children.every((child) => child !== undefined)) {
    noteLayerPutIn(run, id, name, value, at);
    setChild(run, id, name, children);
    afterModuleChange(run, id, name, replaced ?? [], children, at);
    return;
  }
  if (value.kind === 'parameter') {
    const before = object.parameters.get(name) ?? [];
    setParameter(run, id, name, value.atom);
    afterParameterChange(run, id, name, before, value.atom, at);
    return;
  }
  if (options.some((option) => run.object(option)?.kind === 'module' || option.kind === 'parameter')) {
    // Sometimes a module, sometimes something else: keep it, but do not claim to know the tree.
    forgetWhatIsReachable(run, value, null);
  }
  if (object.children.has(name) || object.parameters.has(name)) {
    if (options.every(isNone)) {
      emptyParameter(run, id, name);
      return;
    }
    forgetWhatIsReachable(run, { kind: 'reference', id }, null);
    return;
  }
  const before = object.attributes.get(name) ?? null;
  if (value.kind === 'tensor' && value.origin === 'leaf' && isPythonClass(object) && isBeingMade(run, id)) {
    run.emit({ kind: 'leafKeptOnModule', span: at, name, className: object.className });
  }
  setPlainAttribute(run, id, name, value);
  afterReplacedValue(run, before, value, at);
}

/** `del object.name`, which a class may see to itself. */
function deleteAttribute(run: Interpreter, self: Value & { kind: 'reference' }, target: Attribute): void {
  if (callOwnMethod(run, self, '__delattr__', [constant(target.name)], target)) return;
  if (callOwnMethod(run, self, `${target.name}.deleter`, [], target)) return;
  const object = run.object(self);
  if (object?.kind !== 'instance') {
    removeMember(run, self.id, target.name);
    return;
  }
  const attributes = new Map(object.attributes);
  attributes.delete(target.name);
  run.state.heap.set(self.id, { ...object, attributes });
}

/** `del target` */
export function deleteTarget(run: Interpreter, target: Expression): void {
  switch (target.kind) {
    case 'name':
      afterNameUse(run, target.id);
      run.variables.unbind(target.id);
      return;
    case 'tuple':
    case 'list':
      for (const element of target.elements) deleteTarget(run, element);
      return;
    case 'attribute':
      run.each(run.evaluate(target.object), (object) => {
        if (object.kind === 'reference') deleteAttribute(run, object, target);
        return UNKNOWN;
      });
      return;
    case 'subscript':
      deleteItem(run, run.evaluate(target.object), run.evaluate(target.index), target);
      return;
    default:
      return;
  }
}
