/** What code the analysis does not see may have done: everything it can reach becomes unknown. */
import type { Span } from '../../python/syntax.ts';
import type { Interpreter } from '../interpreter.ts';
import { newOpaquePart } from '../modules/module-objects.ts';
import { noteRead } from '../observations/unread-writes.ts';
import { noteWritten } from '../running/handlers.ts';
import { type AtomId, UNKNOWN_FLAG } from '../state/atoms.ts';
import { MAY_BE_EVAL, MAY_BE_TRAIN } from '../state/heap.ts';
import type { ClassInfo, ObjectId, Value } from '../state/values.ts';
import { changedThrough } from './closures.ts';
import { methodsOf } from './python-classes.ts';

/** The heap objects and parameters that a value leads to, without what only leads on through objects that `passes` refuses. */
export function reachableFrom(
  run: Interpreter,
  values: Iterable<Value>,
  passes: (id: ObjectId) => boolean = () => true,
): { readonly objects: ReadonlySet<ObjectId>; readonly atoms: ReadonlySet<AtomId> } {
  const objects = new Set<ObjectId>();
  const atoms = new Set<AtomId>();
  const addAtom = (atom: AtomId | null): void => {
    if (atom !== null) for (const leaf of run.atoms.leaves(atom)) atoms.add(leaf);
  };
  const visit = (value: Value): void => {
    switch (value.kind) {
      case 'reference':
        visitObject(value.id);
        return;
      case 'tuple':
        for (const item of value.items) visit(item);
        return;
      case 'union':
        for (const option of value.options) visit(option);
        return;
      case 'parameter':
        addAtom(value.atom);
        return;
      case 'someParameter':
        for (const atom of value.atoms) addAtom(atom);
        return;
      case 'method':
        visit(value.receiver);
        return;
      case 'function':
        if (value.self) visit(value.self);
        for (const captured of changedThrough(run, value)) visit(captured);
        return;
      case 'super':
        visit(value.self);
        return;
      case 'partial':
        visit(value.callee);
        for (const argument of [...value.args.positional, ...value.args.keywords.values()]) visit(argument);
        return;
      default:
        return;
    }
  };
  const visitMethods = (info: ClassInfo | null): void => {
    for (const method of info ? methodsOf(info) : []) {
      for (const captured of changedThrough(run, method)) visit(captured);
    }
  };
  const visitObject = (id: ObjectId): void => {
    if (objects.has(id)) return;
    objects.add(id);
    if (!passes(id)) return;
    const object = run.state.heap.get(id);
    switch (object?.kind) {
      case 'module':
        for (const options of object.parameters.values()) for (const atom of options) addAtom(atom);
        for (const atom of object.adopted) addAtom(atom);
        if (object.opaque) {
          addAtom(run.atoms.root(object.opaque.root, UNKNOWN_FLAG));
          for (const value of run.givenAway.for(object.opaque.root)) visit(value);
        }
        for (const options of object.children.values()) {
          for (const child of options) if (child !== null) visitObject(child);
        }
        for (const value of object.attributes.values()) visit(value);
        if (object.wraps) visitObject(object.wraps);
        if (!object.certain) visitMethods(object.info);
        return;
      case 'optimizer':
        visitObject(object.groups);
        for (const value of object.attributes.values()) visit(value);
        return;
      case 'list':
        for (const item of object.items) visit(item.value);
        return;
      case 'dictionary':
        for (const entry of object.entries) visit(entry.value);
        return;
      case 'instance':
        for (const value of object.attributes.values()) visit(value);
        visitMethods(object.info);
        return;
      case 'iterator': {
        const { source } = object;
        if (object.used === 'yes') return;
        if (source.kind === 'map') visit(source.mapping);
        if (source.kind === 'filter') visit(source.predicate);
        if (source.kind === 'module') visitObject(source.module);
        else if (source.kind === 'generator') {
          visit(source.callee);
          for (const name of run.variables.namesIn(source.scope)) {
            const value = run.state.variables.get(`${source.scope}:${name}`);
            if (value) visit(value);
          }
        } else if ('inner' in source) {
          for (const inner of 'kind' in source.inner ? [source.inner] : source.inner) visit(inner);
        }
        return;
      }
      default:
        return;
    }
  };
  for (const value of values) visit(value);
  return { objects, atoms };
}

/** Makes unknown whatever unseen code could change through these values. */
export function forgetWhatIsReachable(
  run: Interpreter,
  value: Value | readonly Value[],
  at: Span | null,
): void {
  const { objects, atoms } = reachableFrom(run, 'kind' in value ? [value] : value);
  if (objects.size === 0 && atoms.size === 0) return;
  noteRead(run, atoms);
  for (const atom of atoms) {
    forgetFlag(run, atom, at);
    run.escaped.add(atom);
  }
  for (const id of objects) forgetObject(run, id);
  run.obligations.dischargeReached(run, objects, atoms);
  if (at) run.emit({ kind: 'escaped', span: at, atoms: [...atoms] });
}

/** Something out of sight may have written the flag of a parameter, at `at` or nobody knows where. */
export function forgetFlag(run: Interpreter, atom: AtomId, at: Span | null): void {
  noteWritten(run, atom, UNKNOWN_FLAG);
  run.state.setFlag(atom, { bits: UNKNOWN_FLAG, writer: at });
}

const changedRoot = (id: ObjectId): string => `${id}!`;

/** Whether unseen code got hold of a module whose parts were all known, and may have replaced some. */
export function mayHaveLostParts(run: Interpreter, id: ObjectId): boolean {
  const object = run.state.heap.get(id);
  return object?.kind === 'module' && object.opaque?.root === changedRoot(id);
}

function forgetObject(run: Interpreter, id: ObjectId): void {
  const object = run.state.heap.get(id);
  switch (object?.kind) {
    case 'module': {
      // Layers may have been added or replaced, and given to an optimizer out of sight.
      const opaque = object.opaque ?? newOpaquePart(run, changedRoot(id), UNKNOWN_FLAG);
      if (opaque) run.escaped.add(run.atoms.root(opaque.root, UNKNOWN_FLAG));
      run.state.heap.set(id, { ...object, mode: MAY_BE_EVAL | MAY_BE_TRAIN, opaque });
      return;
    }
    case 'list':
      if (object.complete) run.state.heap.set(id, { ...object, complete: false });
      return;
    case 'dictionary':
      if (object.complete) run.state.heap.set(id, { ...object, complete: false });
      return;
    case 'iterator':
      if (object.used === 'no') run.state.heap.set(id, { ...object, used: 'maybe' });
      return;
    case 'instance':
      if (object.complete) run.state.heap.set(id, { ...object, complete: false });
      return;
    default:
      return;
  }
}

/** Makes unknown every flag and mode that can be reached from some values. */
export function forgetFlags(run: Interpreter, from: Iterable<Value>): void {
  const { objects, atoms } = reachableFrom(run, from);
  for (const atom of atoms) run.state.setFlag(atom, { bits: UNKNOWN_FLAG, writer: null });
  for (const id of objects) {
    const object = run.state.heap.get(id);
    if (object?.kind === 'module') run.state.heap.set(id, { ...object, mode: MAY_BE_EVAL | MAY_BE_TRAIN });
    if (object?.kind === 'iterator' && object.used === 'no')
      run.state.heap.set(id, { ...object, used: 'maybe' });
    if (object?.kind === 'optimizer') {
      const groups = run.state.heap.get(object.groups);
      if (groups?.kind === 'list') run.state.heap.set(object.groups, { ...groups, complete: false });
    }
  }
}
