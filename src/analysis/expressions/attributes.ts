/** `object.name`, read: what the object holds under the name, its method, or unknown. */
import type { Attribute, Expression, Span } from '../../python/syntax.ts';
import { findLayer, isNoneWithoutParameter, ownsNoWeight, sizeAttribute } from '../../torch/layers.ts';
import { bindingOf } from '../calls/decorators.ts';
import { invoke } from '../calls/functions.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import {
  ancestry,
  classOf,
  externalScope,
  libraryBases,
  memberOf,
  patchedMember,
  specialMethod,
} from '../calls/python-classes.ts';
import type { Interpreter } from '../interpreter.ts';
import { isContainerMethod, isModuleMethod } from '../modules/module-method-names.ts';
import { isParameterName, opaqueChild } from '../modules/module-objects.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import { recurrentWeights } from '../modules/recurrent-weights.ts';
import { attributeOfIteration, memberOfPair } from '../modules/refusals.ts';
import { parameterContainer } from '../modules/registries.ts';
import { afterSchedulerUse } from '../obligations/moments.ts';
import type { InstanceObject, ModuleObject } from '../state/heap.ts';
import {
  boolean,
  type ClassInfo,
  constant,
  external,
  isNone,
  NO_ARGUMENTS,
  NONE,
  type ObjectId,
  reference,
  type SuperValue,
  slotValue,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import { namespaceAttribute } from '../statements/imports.ts';
import { cutGraph, tensor } from '../tensors/graphs.ts';
import { parameterAttribute } from '../tensors/parameter-attributes.ts';
import { ACCELERATOR, isAcceleratorMethod } from '../training/accelerate.ts';
import { isLightningMethod } from '../training/lightning.ts';

/** What gives a copy of a Parameter: asked of `x.weight`, it shows that the weight is one. */
const COPYING = new Set(['data', 'detach', 'clone']);

export function getAttribute(
  run: Interpreter,
  object: Value,
  name: string,
  at: Attribute | Expression,
): Value {
  run.attributesRead.add(name);
  if (name === '__dict__' && object.kind === 'reference') {
    // Whatever is done to the dictionary is done to the object.
    forgetWhatIsReachable(run, object, at);
    return UNKNOWN;
  }
  switch (object.kind) {
    case 'external':
      if (name === '__name__' && findLayer(object.path)) return constant(object.path.split('.').at(-1) ?? '');
      return (
        run.state.variables.get(`${externalScope(object.path)}:${name}`) ?? external(`${object.path}.${name}`)
      );
    case 'namespace':
      return namespaceAttribute(run, object, name) ?? UNKNOWN;
    case 'reference':
      return getObjectAttribute(run, object, name, at);
    case 'class':
      return getClassAttribute(run, object.info, name);
    case 'super':
      return getSuperAttribute(run, object, name, at);
    case 'parameter':
    case 'someParameter':
      return parameterAttribute(run, object, name);
    case 'tensor':
      if (name === 'data') return tensor('data', cutGraph(run, object, at), object.of);
      if (name === 'grad') return tensor('gradient', undefined);
      return { kind: 'method', receiver: object, name };
    case 'constant':
      if (object.value === null) refuseNone(run, name, at);
      return typeof object.value === 'string' ? { kind: 'method', receiver: object, name } : UNKNOWN;
    case 'tuple': {
      const member = memberOfPair(run, object, name, at);
      return member ? getAttribute(run, member, name, at) : { kind: 'method', receiver: object, name };
    }
    case 'method':
      return attributeOfIteration(run, object, name, at) ?? { kind: 'method', receiver: object, name };
    case 'atomName':
      return { kind: 'method', receiver: object, name };
    case 'union':
      return run.each(object, (option) => getAttribute(run, option, name, at));
    default:
      return UNKNOWN;
  }
}

/** An attribute of None, read or set: what follows is read as if it had been something else. */
export function refuseNone(run: Interpreter, name: string, at: Span): void {
  run.exceptions.mayHaveRaised = true;
  if (!name.startsWith('__')) run.exceptions.note(at, 'AttributeError');
}

function getObjectAttribute(
  run: Interpreter,
  value: Value & { kind: 'reference' },
  name: string,
  at: Expression,
): Value {
  const object = run.object(value);
  if (specialMethod(run, value, '__getattribute__')) {
    forgetWhatIsReachable(run, value, at);
    return UNKNOWN;
  }
  switch (object?.kind) {
    case 'module':
      return getModuleAttribute(run, value.id, object, name, at);
    case 'instance':
      return getInstanceAttribute(run, value, object, name, at);
    case 'optimizer':
      if (name === 'param_groups') return reference(object.groups);
      return (
        object.attributes.get(name) ??
        (object.info && !isOptimizerMethod(name) ? bindMember(run, object.info, value, name, at) : null) ?? {
          kind: 'method',
          receiver: value,
          name,
        }
      );
    case 'iterator':
      return attributeOfIteration(run, value, name, at) ?? { kind: 'method', receiver: value, name };
    case 'list':
    case 'dictionary':
      // Neither has what its items have (catalogue a19).
      if (/^requires_grad_?$/.test(name) && !('isSlice' in object)) run.exceptions.note(at, 'AttributeError');
      return { kind: 'method', receiver: value, name };
    default:
      return UNKNOWN;
  }
}

/** What PyTorch has for every optimizer: one of the program's own does the same in its own way. */
const isOptimizerMethod = (name: string): boolean =>
  /^(?:step|zero_grad|add_param_group|(?:load_)?state_dict)$/.test(name);

function getModuleAttribute(
  run: Interpreter,
  id: ObjectId,
  object: ModuleObject,
  name: string,
  at: Expression,
): Value {
  const self = reference(id);
  const registered = registeredAs(object, name);
  if (registered) return (object.info && readByClass(run, object.info, self, name, at)) ?? registered;
  if (object.info) {
    const member = bindMember(run, object.info, self, name, at);
    if (member) return member;
  }
  const patched = patchedMember(run, object, name);
  if (patched) return patched.kind === 'function' ? { ...patched, self } : patched;
  if (isModuleMethod(name) || isLightningMethod(object.info, name)) {
    return { kind: 'method', receiver: self, name, at };
  }
  if (name === 'training') return boolean(object.mode === 1 ? false : object.mode === 2 ? true : null);
  if (name === '_modules' || name === '_parameters') return { kind: 'method', receiver: self, name };
  if (name === '__class__') return classOf(object);
  const fallback = findElsewhere(run, self, name, at);
  if (fallback) return fallback;
  if (COPYING.has(name) && !object.certain && isParameterName(object.opaque?.path.split('.').at(-1) ?? '')) {
    return parameterAttribute(run, { kind: 'someParameter', atoms: atomsBelow(run, id).may }, name);
  }
  const isExpected = run.exceptions.handlers.at(-1)?.catches('AttributeError') ?? false;
  const unknown = unlistedChild(run, id, object, name);
  if (unknown) return unknown;
  const weights = recurrentWeights(run, object, name, at);
  if (weights) return weights;
  const isPlain = object.adopted.length === 0 && !object.generic && !object.info;
  if (isPlain && object.library && isNoneWithoutParameter(object.library, name)) return NONE;
  // Of the parameter that the layer was made with: one that took its place changes no setting.
  const size = sizeAttribute(isPlain ? object.className : '', name, (parameter) => {
    const made = run.atoms.parameterAt(`${id}.${parameter}`);
    return made === undefined ? null : run.atoms.shapeOf(made);
  });
  if (size !== null) return constant(size);
  // A library layer's other settings (kernel_size...) and anything that would raise.
  if (isExpected && hasAttribute(run, self, name) === false) run.exceptions.raise(at, 'AttributeError');
  else run.exceptions.doubt('AttributeError');
  return UNKNOWN;
}

/** What a module holds under a name, apart from its class; null for nothing. */
function registeredAs(object: ModuleObject, name: string): Value | null {
  const own = object.attributes.get(name);
  // Set to None on some paths only, it is still registered, with None as one of its options.
  const isRegistered = object.parameters.has(name) || object.children.has(name);
  if (own && !(isNone(own) && isRegistered)) return own;
  const parameter = object.parameters.get(name);
  if (parameter) return slotValue(parameter, (atom) => ({ kind: 'parameter', atom }));
  const child = object.children.get(name);
  return child ? slotValue(child, reference) : null;
}

/** A child of a module whose parts are not all known; null where they are. */
function unlistedChild(run: Interpreter, id: ObjectId, object: ModuleObject, name: string): Value | null {
  const unknown = opaqueChild(run, id, object, name);
  if (unknown && run.exceptions.handlers.at(-1)?.catches('AttributeError'))
    run.exceptions.doubt('AttributeError');
  return unknown;
}

/** `super().__getattr__(name)` in a module: what it has registered. */
export function getRegistered(run: Interpreter, id: ObjectId, object: ModuleObject, name: string): Value {
  const found = registeredAs(object, name) ?? unlistedChild(run, id, object, name);
  if (found) return found;
  if (run.exceptions.handlers.at(-1)?.catches('AttributeError'))
    run.exceptions.raise(run.at, 'AttributeError');
  else run.exceptions.doubt('AttributeError');
  return UNKNOWN;
}

/** What a `__getattr__` of the program gives for a name that is found nowhere else; null where there is none. */
function findElsewhere(run: Interpreter, self: Value, name: string, at: Expression): Value | null {
  const method = name.startsWith('__') ? null : specialMethod(run, self, '__getattr__');
  return method && invoke(run, method, { ...NO_ARGUMENTS, positional: [constant(name)] }, at);
}

function getInstanceAttribute(
  run: Interpreter,
  value: Value & { kind: 'reference' },
  object: InstanceObject,
  name: string,
  at: Expression,
): Value {
  const own = (object.info && readByClass(run, object.info, value, name, at)) ?? object.attributes.get(name);
  if (object.library) afterSchedulerUse(run, value.id, name);
  if (own) return own;
  const member = object.info ? bindMember(run, object.info, value, name, at) : null;
  if (member) return member;
  const fallback = findElsewhere(run, value, name, at);
  if (fallback) return fallback;
  if (object.library === ACCELERATOR && !isAcceleratorMethod(name)) return UNKNOWN;
  if (object.library) return { kind: 'method', receiver: value, name };
  return object.complete ? UNKNOWN : { kind: 'method', receiver: value, name };
}

/** A class member as an instance sees it: functions bound, properties called. */
function bindMember(
  run: Interpreter,
  info: ClassInfo,
  self: Value,
  name: string,
  at: Expression,
): Value | null {
  const found = memberOf(run, info, name);
  return found && bind(run, found.value, info, self, name, at);
}

/** What a property or a descriptor gives, which comes before what the instance holds; null where there is neither. */
function readByClass(
  run: Interpreter,
  info: ClassInfo,
  self: Value,
  name: string,
  at: Expression,
): Value | null {
  const member = memberOf(run, info, name)?.value;
  const isProperty = member?.kind === 'function' && bindingOf(member) === 'property';
  return member && (isProperty || specialMethod(run, member, '__set__'))
    ? bind(run, member, info, self, name, at)
    : null;
}

/** What a class holds under a name, as an instance gives it. */
function bind(
  run: Interpreter,
  member: Value,
  info: ClassInfo,
  self: Value,
  name: string,
  at: Expression,
): Value {
  if (member.kind === 'partial' && member.isMethod) {
    const { positional, keywords, complete } = member.args;
    return { ...member, args: { positional: [self, ...positional], keywords, complete } };
  }
  if (member.kind !== 'function') {
    const getter = specialMethod(run, member, '__get__');
    const given = [self, { kind: 'class', info } as const];
    if (getter) return invoke(run, getter, { ...NO_ARGUMENTS, positional: given }, at);
    if (!isUnseenProperty(member)) return member;
    forgetWhatIsReachable(run, self, at);
    return UNKNOWN;
  }
  const binding = bindingOf(member);
  switch (binding) {
    case 'static':
      return member;
    case 'class':
      return { ...member, self: { kind: 'class', info } };
    case 'property':
    case 'cached property': {
      const value = invoke(run, { ...member, self }, NO_ARGUMENTS, at);
      if (binding === 'cached property') keepOnInstance(run, self, name, value);
      return value;
    }
    default:
      return { ...member, self };
  }
}

/** `property(operator.attrgetter("fc"))` and the like. */
const isUnseenProperty = (member: Value): boolean =>
  member.kind === 'external' && /^builtins\..*property\(\)$/.test(member.path);

/** What a `cached_property` gave is an attribute from then on. */
function keepOnInstance(run: Interpreter, self: Value, name: string, value: Value): void {
  const object = run.object(self);
  if (self.kind !== 'reference' || (object?.kind !== 'instance' && object?.kind !== 'module')) return;
  const attributes = new Map(object.attributes).set(name, value);
  run.state.heap.set(self.id, { ...object, attributes });
}

function getClassAttribute(run: Interpreter, info: ClassInfo, name: string): Value {
  if (name === '__name__') return constant(info.name);
  const found = memberOf(run, info, name);
  if (found?.value.kind === 'function' && bindingOf(found.value) === 'class') {
    return { ...found.value, self: { kind: 'class', info } };
  }
  if (found) return found.value;
  const [library] = libraryBases(info);
  return library && run ? external(`${library}.${name}`) : UNKNOWN;
}

/** `super().name`: the next definition above the class whose method is running. */
function getSuperAttribute(
  run: Interpreter,
  { owner, self }: SuperValue,
  name: string,
  at: Expression,
): Value {
  const object = run.object(self);
  const info =
    self.kind === 'class'
      ? self.info
      : object?.kind === 'module' || object?.kind === 'instance'
        ? object.info
        : null;
  // What comes next depends on the class of the instance, which may inherit from several.
  const order = info && ancestry(info).includes(owner) ? ancestry(info) : ancestry(owner);
  const ancestors = order.slice(order.indexOf(owner) + 1);
  for (const ancestor of ancestors) {
    if (typeof ancestor === 'string') {
      if (ancestor === 'builtins.object' || ancestor === '?') continue;
      return { kind: 'method', receiver: self, name: name === '__init__' ? `__init__ of ${ancestor}` : name };
    }
    const value = run.state.variables.get(`${ancestor.scope}:${name}`) ?? ancestor.members.get(name);
    if (value?.kind === 'function' && bindingOf(value) === 'class') return { ...value, self };
    if (value) return bind(run, value, ancestor, self, name, at);
  }
  return { kind: 'method', receiver: self, name: name === '__init__' ? '__init__ of builtins.object' : name };
}

/** What `nn.Module` has beside its methods, in all or some versions of PyTorch; what is private by what it begins with. */
const OF_EVERY_MODULE =
  /^(?:T_destination|call_super_init|compile|dump_patches|[gs]et_extra_state|training|ipu|mtia|xpu|__.*|_(?:apply|backward|buffers|call_impl|compiled|forward|get_name|is_full|load|maybe|modules|named_members|non_persistent|parameters|register|replicate|save|slow|state_dict|version|wrapped).*)$/;

/** `hasattr(value, name)`; null where nobody can tell. */
export function hasAttribute(run: Interpreter, value: Value, name: string): boolean | null {
  if (value.kind === 'parameter')
    return name === 'requires_grad' || name === 'data' || name === 'grad' ? true : null;
  const object = run.object(value);
  if (object?.kind === 'instance') {
    if (object.attributes.has(name) || (object.info && memberOf(run, object.info, name) !== null))
      return true;
    return object.complete ? false : null;
  }
  if (object?.kind !== 'module') return null;
  if (
    object.children.has(name) ||
    object.parameters.has(name) ||
    object.attributes.has(name) ||
    (object.info && memberOf(run, object.info, name) !== null)
  ) {
    return true;
  }
  if (object.info && memberOf(run, object.info, '__getattr__')) return null;
  if (object.certain && isModuleMethod(name)) return isContainerMethod(name) ? null : true;
  if (OF_EVERY_MODULE.test(name)) return null;
  if (object.opaque || object.generic || object.adopted.length > 0) return null;
  if (object.library && isNoneWithoutParameter(object.library, name)) return true;
  // What people ask of a model to see whether it is in a wrapper.
  if (object.library && name === 'module') return object.wraps !== null;
  const isWeight = name === 'weight' || name === 'bias';
  if (object.library && isWeight && (ownsNoWeight(object.library) || parameterContainer(object)))
    return false;
  // A layer's plain settings (in_features, bias=None...) are not kept here.
  return object.library && !object.library.startsWith('torchvision.') ? null : object.info ? false : null;
}
