/** The order in which a program is run: its top level, then what that does not call. */
import type { FunctionDefinition, Lambda, Module, Statement } from '../python/syntax.ts';
import { CHANGES_FLAGS } from './calls/closures.ts';
import { bindingOf } from './calls/decorators.ts';
import { awaited, invoke } from './calls/functions.ts';
import { forgetFlags } from './calls/havoc.ts';
import { instantiate, newInstance } from './calls/instances.ts';
import { ancestry } from './calls/python-classes.ts';
import { Interpreter } from './interpreter.ts';
import { PYTHON } from './language.ts';
import { noteAllRead } from './observations/unread-writes.ts';
import { Watch, type WatchList } from './places/watch.ts';
import { ALONE, type Program } from './program.ts';
import { raisedInAllCases, runsInAllCases } from './running/case-analysis.ts';
import { BudgetExhausted } from './running/step-budget.ts';
import { hasUnreachedCode } from './running/unreached.ts';
import type { State } from './state/state.ts';
import {
  type ClassInfo,
  constant,
  type FunctionValue,
  UNKNOWN_ARGUMENTS,
  type Value,
} from './state/values.ts';
import { Trace } from './trace.ts';
import { forgetWhatOthersSet, isFittable, runFit } from './training/lightning.ts';

/**
 * Runs a program on paper: its top level first, then every function and class that the top level did not call,
 * each by itself with unknown arguments. Never throws on any program; where the budget runs out the trace holds
 * what was certain until then. `program` has the files that it imports, `watchList` says at which places to keep what
 * is known, for `Trace.at`.
 */
export function analyse(module: Module, program: Program = ALONE, watchList: WatchList | null = null): Trace {
  const run = new Interpreter(PYTHON, module, program, watchList && new Watch(watchList));
  whileStepsLast(run, () => {
    runTopLevel(run);
    run.exceptions.raised ??= raisedInAllCases(run, runTopLevel);
    if (run.exceptions.raised) run.state = run.exceptions.raised.state.fork();
    noteAllRead(run);
    const { raised } = run.exceptions;
    const newWatch = (): Watch | null => watchList && new Watch(watchList);
    run.topLevel = {
      state: run.state.fork(),
      raised,
      cases: () => runsInAllCases(run, runTopLevel, newWatch),
      sightings: run.watch?.sightings.length ?? 0,
    };
  });
  if (run.topLevel) {
    const start = stateOfUncalled(run);
    whileStepsLast(run, () => runUncalled(run, start));
    run.turnToUnreached();
    whileStepsLast(run, () => runUnreached(run, start));
  }
  return new Trace(run);
}

function runTopLevel(run: Interpreter): void {
  run.state.variables.set('global:__name__', constant('__main__'));
  run.runBlock(run.module.body);
}

function whileStepsLast(run: Interpreter, action: () => void): void {
  try {
    action();
  } catch (problem) {
    if (!(problem instanceof BudgetExhausted)) throw problem;
    run.exhaustions.note('steps', run.at);
  }
}

/** Functions and methods that nothing in the file calls start from the final globals, whose flags anyone may have changed. */
function stateOfUncalled(run: Interpreter): State {
  run.startAlone(run.state);
  run.flagsAreForgotten = true;
  return afterwards(run);
}

/** The present state as it is for whoever is called later, when anyone may have changed the flags. */
function afterwards(run: Interpreter): State {
  forgetFlags(run, run.state.variables.values());
  for (const key of [...run.state.obligations.keys()]) run.state.obligations.delete(key);
  return run.state.fork();
}

function runUncalled(run: Interpreter, start: State): void {
  /** Where those functions start that one of the functions here defines: where that one ends. */
  const starts = new Map<FunctionValue, State | null>();
  const alone = (action: () => void, from: State | null = start): void => {
    if (!from) return;
    const known = run.functions.length;
    const isDone = runAlone(run, from, action) && !run.dead;
    const end = isDone && run.functions.length > known ? afterwards(run) : null;
    for (const nested of run.functions.slice(known)) starts.set(nested, end);
  };
  const isUncalled = (definition: FunctionDefinition | Lambda): boolean => !run.called.has(definition);
  let next = 0;
  const runFunctions = (): void => {
    for (; next < run.functions.length; next++) {
      const callee = run.functions[next];
      if (callee && isUncalled(callee.definition)) alone(() => runFunction(run, callee), starts.get(callee));
    }
  };
  runFunctions();
  for (const info of run.classes) {
    if (isFittable(info) && !run.fitted.has(info)) alone(() => runTraining(run, info));
    runMembers(run, info, isUncalled, alone);
  }
  runFunctions();
}

/** Reads the code that no call reaches, as that of a function that the program does not call. */
function runUnreached(run: Interpreter, start: State): void {
  const alone = (action: () => void): void => void runAlone(run, start, action);
  const isUnread = (definition: FunctionDefinition | Lambda): boolean => hasUnreachedCode(run, definition);
  for (const callee of run.functions) if (isUnread(callee.definition)) alone(() => runFunction(run, callee));
  for (const info of run.classes) runMembers(run, info, isUnread, alone);
}

/** Runs those methods of a class that are wanted, each by itself. */
function runMembers(
  run: Interpreter,
  info: ClassInfo,
  isWanted: (definition: FunctionDefinition) => boolean,
  alone: (action: () => void) => void,
): void {
  const init = info.members.get('__init__');
  const isMade = init?.kind === 'function' && run.called.has(init.definition);
  // Every method starts from the same instance, which is made once.
  let made: Made | null | undefined;
  for (const [name, member] of info.members) {
    if (member.kind !== 'function' || member.definition.kind !== 'functionDefinition') continue;
    if (!isWanted(member.definition)) continue;
    if (name === '__init__') alone(() => void instantiate(run, info, UNKNOWN_ARGUMENTS, info.definition));
    else if (bindingOf(member) === 'static') alone(() => runFunction(run, member));
    else if (bindingOf(member) === 'class') {
      alone(() => runFunction(run, { ...member, self: { kind: 'class', info } }));
    } else {
      if (made === undefined) {
        made = null;
        alone(() => {
          made = makeInstance(run, info);
        });
      }
      if (made) alone(() => runMethod(run, info, member, made as Made, isMade));
    }
  }
}

/** Runs an action by itself, one that is too costly with what it imports once more without; tells whether it ends. */
function runAlone(run: Interpreter, start: State, action: () => void): boolean {
  const { exhausted } = run;
  const sightings = run.watch?.sightings ?? [];
  const before = { events: run.events.length, sightings: sightings.length };
  if (isCompleted(run, start, action, true)) return true;
  if (run.program.files.size === 0) return false;
  const dropped = {
    events: run.events.splice(before.events),
    sightings: sightings.splice(before.sightings),
  };
  run.exhausted = exhausted;
  if (isCompleted(run, start, action, false)) return true;
  run.events.splice(before.events, Infinity, ...dropped.events);
  sightings.splice(before.sightings, Infinity, ...dropped.sightings);
  return false;
}

/** Whether the action came to its end within the steps that one function has. */
function isCompleted(run: Interpreter, start: State, action: () => void, followsImports: boolean): boolean {
  run.startAlone(start, followsImports);
  try {
    action();
    noteAllRead(run);
    return true;
  } catch (problem) {
    if (!(problem instanceof BudgetExhausted) || run.steps.isSpent) throw problem;
    run.exhaustions.note('stepsAlone', run.at);
    return false;
  }
}

/** An instance that was made with arguments nobody knows; where `__init__` always raises, as it was before. */
function anyInstance(run: Interpreter, info: ClassInfo): Value {
  const instance = instantiate(run, info, UNKNOWN_ARGUMENTS, info.definition);
  if (!run.dead) return instance;
  run.dead = false;
  return newInstance(run, info, info.definition);
}

/** Trains a LightningModule that the program does not train itself. */
function runTraining(run: Interpreter, info: ClassInfo): void {
  run.within(`fit${info.definition.start}`, () => {
    const instance = anyInstance(run, info);
    if (instance.kind !== 'reference') return;
    forgetWhatOthersSet(run, instance, info);
    runFit(run, instance, info);
  });
}

/** An instance as `__init__` leaves it, and the state then. */
interface Made {
  readonly instance: Value;
  readonly state: State;
}

function makeInstance(run: Interpreter, info: ClassInfo): Made {
  return run.within(`class${info.definition.start}`, () => {
    const events = run.events.length;
    const sightings = run.watch?.sightings.length ?? 0;
    const { reading } = run;
    run.reading = 'nothing';
    let instance: Value;
    try {
      instance = anyInstance(run, info);
    } finally {
      run.reading = reading;
    }
    // __init__ is reported on by itself.
    run.events.length = events;
    if (run.watch) run.watch.sightings.length = sightings;
    return { instance, state: run.state.fork() };
  });
}

function runFunction(run: Interpreter, callee: FunctionValue): void {
  run.within(`alone${callee.definition.start}`, () => {
    awaited(run, invoke(run, callee, UNKNOWN_ARGUMENTS, callee.definition), callee.definition);
  });
}

/**
 * Runs one method on an instance as `__init__` leaves it, after whatever the other methods may have done, and the rest
 * of the file where that makes an instance.
 */
function runMethod(
  run: Interpreter,
  info: ClassInfo,
  method: FunctionValue,
  made: Made,
  isMadeElsewhere: boolean,
): void {
  run.state = made.state.fork();
  run.within(`method${method.definition.start}`, () => {
    if (isMadeElsewhere && isChangedOutside(run, info)) forgetFlags(run, [made.instance]);
    forgetSiblings(run, info, method.definition as FunctionDefinition, made.instance);
    const own = { ...method, self: made.instance };
    awaited(run, invoke(run, own, UNKNOWN_ARGUMENTS, method.definition), method.definition);
  });
}

/** Whether the file of a class may set flags in code that is not the class's own. */
function isChangedOutside(run: Interpreter, { definition }: ClassInfo): boolean {
  const { text } = run.module;
  return [text.slice(0, definition.start), text.slice(definition.end)].some((part) =>
    CHANGES_FLAGS.test(part),
  );
}

/** What a method may do that another one would notice. */
const CHANGES_MODE = /\.(?:train|eval)\(/;

function forgetSiblings(
  run: Interpreter,
  info: ClassInfo,
  method: FunctionDefinition,
  instance: Value,
): void {
  const siblings = [...ancestry(info)].flatMap((ancestor) =>
    typeof ancestor === 'string'
      ? []
      : ancestor.definition.body.filter(
          (statement): statement is FunctionDefinition =>
            statement.kind === 'functionDefinition' &&
            statement.name !== '__init__' &&
            // A forward pass comes after others.
            (statement !== method || statement.name === 'forward'),
        ),
  );
  const text = siblings.map((sibling) => run.sourceOf(sibling)).join('\n');
  if (CHANGES_FLAGS.test(text) || CHANGES_MODE.test(text)) forgetFlags(run, [instance]);
  const object = run.object(instance);
  if (object?.kind !== 'module' && object?.kind !== 'instance') return;
  // What another method assigns to self is not what __init__ left there.
  const attributes = new Map(object.attributes);
  for (const sibling of siblings) for (const name of assignedOnSelf(sibling.body)) attributes.delete(name);
  if (instance.kind === 'reference') {
    run.state.heap.set(
      instance.id,
      object.kind === 'module' ? { ...object, attributes } : { ...object, attributes, complete: false },
    );
  }
}

/** Names that statements assign on `self`. */
function* assignedOnSelf(body: readonly Statement[]): Generator<string> {
  for (const statement of body) {
    if (statement.kind === 'assignment') {
      for (const target of statement.targets) {
        if (target.kind === 'attribute' && target.object.kind === 'name' && target.object.id === 'self')
          yield target.name;
      }
    }
    for (const block of ['body', 'orelse', 'finalbody'] as const) {
      const inner = (statement as unknown as Record<string, unknown>)[block];
      if (Array.isArray(inner) && statement.kind !== 'functionDefinition')
        yield* assignedOnSelf(inner as Statement[]);
    }
  }
}
