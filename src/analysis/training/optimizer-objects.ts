/** Optimizers: built from whatever their argument holds at that moment, extended group by group. */
import type { Call, Span } from '../../python/syntax.ts';
import {
  findOptimizer,
  isOptimizerClass,
  movesOnZeroGradient,
  type OptimizerClass,
} from '../../torch/optimizers.ts';
import { sequenceOf } from '../builtins/sequences.ts';
import { forgetWhatIsReachable } from '../calls/havoc.ts';
import { memberOf } from '../calls/python-classes.ts';
import type { Interpreter } from '../interpreter.ts';
import { toTorchArguments } from '../modules/module-construction.ts';
import { atomsBelow } from '../modules/module-parts.ts';
import {
  afterGroupAdded,
  afterMembershipChange,
  afterZeroGrad,
  settleAtOptimizer,
  settleStep,
} from '../obligations/moments.ts';
import { nameOf } from '../observations/names.ts';
import { Sight } from '../observations/sight.ts';
import { MAY_BE_FROZEN } from '../state/atoms.ts';
import type { DictEntry, InstanceObject, Item, OptimizerObject } from '../state/heap.ts';
import { GRADIENTS_ON } from '../state/state.ts';
import {
  type CallArguments,
  constant,
  isNone,
  isString,
  NO_ARGUMENTS,
  NONE,
  type ObjectId,
  reference,
  sameValue,
  UNKNOWN,
  type Value,
} from '../state/values.ts';
import { isThere } from '../statements/iteration.ts';
import { settle } from '../statements/settling.ts';
import { refusalOf, tellRefusal } from './group-refusals.ts';
import { membersOf, membersOfGroup, parametersEntry } from './optimizer-members.ts';
import { setToNone } from './training-calls.ts';

const PARAMETER_KEYWORDS = ['params', 'parameters', 'model_params'];

/** An instance of a class of the program that derives from an optimizer. */
interface OwnOptimizer {
  readonly id: ObjectId;
  readonly object: InstanceObject;
  /** The call of the library's constructor, where PyTorch refuses what it is given. */
  readonly refusedAt: Span;
}

/** Builds an optimizer; `facts` are null where its class is known by its name only. */
export function buildOptimizer(
  run: Interpreter,
  className: string,
  facts: OptimizerClass | null,
  args: CallArguments,
  at: Call | Span,
  instance: OwnOptimizer | null = null,
): Value {
  const call = 'kind' in at && at.kind === 'call' ? at : null;
  const keyword = PARAMETER_KEYWORDS.find((name) => args.keywords.has(name));
  const given = args.positional[0] ?? (keyword === undefined ? undefined : args.keywords.get(keyword));
  if (!call) {
    forgetWhatIsReachable(run, [...args.positional, ...args.keywords.values()], at);
    return UNKNOWN;
  }
  const argument =
    call.args.find(({ form, name }) => form === 'positional' || name === keyword)?.value ?? null;
  const id = instance?.id ?? run.identity(at, `:${className}`);
  const refusedAt = instance?.refusedAt ?? call;
  const isTensor = given?.kind === 'parameter' || given?.kind === 'someParameter';
  if (isTensor && facts) {
    // A tensor could be iterated, but PyTorch asks for a list of them.
    run.exceptions.mayHaveRaised = true;
    run.exceptions.note(refusedAt, 'TypeError');
  }
  const iterated = isTensor || !given ? UNKNOWN : given;
  const { groups, empty, mayBeEmpty, emptyGroup } = makeGroups(run, iterated, argument ?? at, at);
  if (mayBeEmpty) run.exceptions.doubt('ValueError', refusedAt);
  const optimizer: OptimizerObject = {
    kind: 'optimizer',
    className,
    groups,
    built: at,
    movesOnZeroGradient: facts && movesOnZero(run, facts, args, groups),
    parametersArgument: argument,
    call,
    // A wrapper such as Lookahead works on the groups of the optimizer that it is given.
    attributes: new Map([
      ...(instance?.object.attributes ?? []),
      ...(run.object(given ?? UNKNOWN)?.kind === 'optimizer' && given ? [['optimizer', given] as const] : []),
    ]),
    info: instance?.object.info ?? null,
  };
  run.state.heap.set(id, optimizer);
  announce(run, id, optimizer, { empty, emptyGroup, refusedAt });
  return reference(id);
}

/**
 * The constructor of a library's optimizer, called for an instance of a class of the program that derives from it: the
 * instance is an optimizer from then on. False where neither is one.
 */
export function initialiseOptimizer(
  run: Interpreter,
  path: string,
  self: Value,
  args: CallArguments,
  at: Call | Span,
): boolean {
  const object = run.object(self);
  if (self.kind !== 'reference' || object?.kind !== 'instance' || !object.info) return false;
  if (!isOptimizerClass(path)) return false;
  // The program's own call of the class is what messages point at.
  const caller = run.frames.findLast((frame) => frame.self && sameValue(frame.self, self))?.caller?.at ?? at;
  buildOptimizer(run, object.info.name, findOptimizer(path), args, caller, {
    id: self.id,
    object,
    refusedAt: at,
  });
  return true;
}

/** Whether a zero gradient moves a parameter; null where a group has settings of its own that decide. */
function movesOnZero(
  run: Interpreter,
  facts: OptimizerClass,
  args: CallArguments,
  groups: ObjectId,
): boolean | null {
  const list = run.state.heap.get(groups);
  const isDecidedByGroup =
    facts.zeroGradient === 'with-options' &&
    (list?.kind !== 'list' ||
      list.items.some(({ value }) => {
        const group = run.object(value);
        return (
          group?.kind !== 'dictionary' ||
          group.entries.some(({ key }) => isString(key) && facts.movingOptions.includes(key.value))
        );
      }));
  return isDecidedByGroup ? null : movesOnZeroGradient(facts, toTorchArguments(run, args));
}

/** Tells rules and obligations what the optimizer holds. */
function announce(
  run: Interpreter,
  id: ObjectId,
  { call, className, parametersArgument }: OptimizerObject,
  { empty, emptyGroup, refusedAt }: { empty: boolean; emptyGroup: boolean; refusedAt: Span },
): void {
  const { must, may, complete } = membersOf(run, id);
  const refusal = refusalOf(run, id, 0);
  if (empty || refusal.isCertain) {
    run.exceptions.mayHaveRaised = true;
    run.exceptions.note(refusedAt, 'ValueError');
  } else if (refusal.isPossible) run.exceptions.doubt('ValueError', refusedAt);
  tellRefusal(run, id, call, refusal);
  settleAtOptimizer(run, id, empty, call);
  afterMembershipChange(run);
  run.emit({
    kind: 'optimizerBuilt',
    call,
    optimizer: id,
    className,
    argument: parametersArgument,
    must: [...must],
    may: [...may],
    complete,
    frozen: [...must].filter((atom) => run.state.flag(atom).bits === MAY_BE_FROZEN),
    empty,
    emptyGroup,
    moduleName: ownerName(run, [...may]),
    sight: new Sight(run),
  });
}

/** The name of the smallest module that owns all of these parameters. */
function ownerName(run: Interpreter, atoms: readonly number[]): string | null {
  if (atoms.length === 0) return null;
  let best: { id: ObjectId; size: number } | null = null;
  for (const [id, object] of run.state.heap.entries()) {
    if (object.kind !== 'module' || object.generic) continue;
    const { may } = atomsBelow(run, id);
    if ((best && may.length >= best.size) || may.length < atoms.length) continue;
    const owned = new Set(may);
    if (atoms.every((atom) => owned.has(atom))) best = { id, size: may.length };
  }
  return best && nameOf(run, best.id);
}

interface Groups {
  readonly groups: ObjectId;
  /** True where PyTorch raises ValueError for an empty list. */
  readonly empty: boolean;
  /** True where it may raise so: nothing is certainly in the list, though something may be. */
  readonly mayBeEmpty: boolean;
  readonly emptyGroup: boolean;
}

/** The list of param groups for an optimizer's argument, as `Optimizer.__init__` makes it. */
function makeGroups(run: Interpreter, given: Value, argumentAt: Span, at: Span): Groups {
  const groupsId = run.identity(at, ':groups');
  const sequence = sequenceOf(run, given, argumentAt, 'full');
  const isDict = (item: Item): boolean => run.object(item.value)?.kind === 'dictionary';
  let emptyGroup = false;
  if (sequence.items.some(isDict)) {
    const items: Item[] = [];
    for (const [index, item] of sequence.items.entries()) {
      const { list, isEmpty } = takeParameters(run, item.value, at, index);
      emptyGroup ||= isEmpty;
      items.push(list ? item : { value: UNKNOWN, multiplicity: 'one' });
    }
    run.state.heap.set(groupsId, { kind: 'list', items, complete: sequence.complete });
    const mayBeEmpty = !sequence.items.some((item) => isThere(run, item));
    return { groups: groupsId, empty: false, mayBeEmpty, emptyGroup };
  }
  const list = run.allocate(
    at,
    { kind: 'list', items: sequence.items.map(withoutName), complete: sequence.complete },
    ':params',
  );
  const entries: DictEntry[] = [{ key: constant('params'), value: list, multiplicity: 'one' }];
  const group = run.allocate(at, { kind: 'dictionary', entries, complete: true }, ':group');
  run.state.heap.set(groupsId, {
    kind: 'list',
    items: [{ value: group, multiplicity: 'one' }],
    complete: true,
  });
  const empty = sequence.complete && sequence.items.length === 0;
  const mayBeEmpty = !empty && !sequence.items.some((item) => isThere(run, item));
  return { groups: groupsId, empty, mayBeEmpty, emptyGroup };
}

/** Newer versions of PyTorch take `named_parameters()` as well. */
function withoutName(item: Item): Item {
  const [, parameter] = item.value.kind === 'tuple' ? item.value.items : [];
  return parameter?.kind === 'parameter' ? { ...item, value: parameter } : item;
}

/** Replaces the `params` of a group by a list, as add_param_group does; null where the group is not known. */
function takeParameters(
  run: Interpreter,
  group: Value,
  at: Span,
  index: number,
): { readonly list: Value | null; readonly isEmpty: boolean } {
  const object = run.object(group);
  if (group.kind !== 'reference' || object?.kind !== 'dictionary') return { list: null, isEmpty: false };
  const entry = parametersEntry(object);
  if (!entry) return { list: null, isEmpty: false };
  const single = entry.value.kind === 'parameter' || entry.value.kind === 'someParameter';
  const { items, complete } = single
    ? { items: [{ value: entry.value, multiplicity: 'one' as const }], complete: true }
    : sequenceOf(run, entry.value, at, 'full');
  const list = run.allocate(at, { kind: 'list', items: items.map(withoutName), complete }, `:params${index}`);
  run.state.heap.set(group.id, {
    ...object,
    entries: object.entries.map((known) => (known === entry ? { ...entry, value: list } : known)),
  });
  return { list, isEmpty: complete && items.length === 0 };
}

/** Gives an optimizer the groups of another list. The list keeps its identity, so that paths can be joined. */
export function replaceGroups(run: Interpreter, optimizer: OptimizerObject, from: ObjectId): void {
  const groups = run.state.heap.get(from);
  run.state.heap.set(
    optimizer.groups,
    groups?.kind === 'list' ? groups : { kind: 'list', items: [], complete: false },
  );
  afterMembershipChange(run);
}

/** `optimizer.step(closure)` computes the loss anew, with gradients on: LBFGS several times, the others once. */
function callClosure(run: Interpreter, closure: Value, className: string, at: Call | Span): void {
  const { gradients } = run.state;
  const call = (): void => {
    run.state.gradients = GRADIENTS_ON;
    run.call(closure, NO_ARGUMENTS, at);
  };
  if (className === 'LBFGS') settle(run, at, false, call);
  else run.within('closure', call);
  run.state.gradients = gradients;
}

export function callOptimizerMethod(
  run: Interpreter,
  id: ObjectId,
  object: OptimizerObject,
  name: string,
  args: CallArguments,
  at: Call | Span,
): Value {
  switch (name) {
    case 'step': {
      const closure = args.positional[0] ?? args.keywords.get('closure');
      if (closure && !isNone(closure)) callClosure(run, closure, object.className, at);
      if (!run.dead) settleStep(run, id, at);
      // A step of the program's own is not run here.
      const own = object.info && memberOf(run, object.info, 'step')?.value;
      if (own?.kind === 'function' && /requires_grad|setattr/.test(run.sourceOf(own.definition)))
        forgetWhatIsReachable(run, reference(id), at);
      return UNKNOWN;
    }
    case 'add_param_group': {
      const group = args.positional[0] ?? args.keywords.get('param_group');
      const groups = run.state.heap.get(object.groups);
      if (!group || groups?.kind !== 'list') return NONE;
      run.each(group, (option) => {
        const list = run.state.heap.get(object.groups);
        if (list?.kind !== 'list') return UNKNOWN;
        const taken = takeParameters(run, option, at, list.items.length).list;
        const items = [...list.items, { value: taken ? option : UNKNOWN, multiplicity: 'one' as const }];
        run.state.heap.set(object.groups, { ...list, items });
        const refusal = refusalOf(run, id, list.items.length);
        if (refusal.isCertain) {
          // The optimizer stays as it was.
          run.state.heap.set(object.groups, list);
          run.exceptions.mayHaveRaised = true;
          run.exceptions.note(at, 'ValueError');
          if ('kind' in at) tellRefusal(run, id, at, refusal);
        } else {
          if (refusal.isPossible) run.exceptions.doubt('ValueError', at);
          const { may } = membersOfGroup(run, option);
          run.emit({ kind: 'groupAdded', span: at, optimizer: id, atoms: [...may] });
          afterGroupAdded(run, id, at);
        }
        return UNKNOWN;
      });
      afterMembershipChange(run);
      return NONE;
    }
    case '__init__': {
      const made = makeGroups(run, args.positional[0] ?? args.keywords.get('params') ?? UNKNOWN, at, at);
      replaceGroups(run, object, made.groups);
      return NONE;
    }
    case 'zero_grad':
      afterZeroGrad(run, membersOf(run, id).may, setToNone(run, args), at);
      return UNKNOWN;
    case 'state_dict':
    case 'load_state_dict':
    case 'train':
    case 'eval':
    case 'state':
    case 'defaults':
      return UNKNOWN;
    default:
      forgetWhatIsReachable(run, reference(id), at);
      return UNKNOWN;
  }
}
