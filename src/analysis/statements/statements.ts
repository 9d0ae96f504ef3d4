/** What each kind of statement does to the state. */
import type { Assert, Expression, If, Statement, Try } from '../../python/syntax.ts';
import { dottedName } from '../../python/walk.ts';
import { isPythonBuiltin } from '../builtins/builtins.ts';
import { decorate, memberName } from '../calls/decorators.ts';
import { makeFunction } from '../calls/functions.ts';
import { makeClass } from '../calls/instances.ts';
import { truthOf } from '../expressions/comparisons.ts';
import { binary } from '../expressions/operators.ts';
import type { Interpreter } from '../interpreter.ts';
import { afterRebinding } from '../obligations/moments.ts';
import { isImported } from '../program.ts';
import { catchAnywhere, catchExactly, catches, runProtected } from '../running/handlers.ts';
import { runWithCleanup } from '../running/leaving.ts';
import { branchOnTest } from '../running/undecided-tests.ts';
import type { HeapObject } from '../state/heap.ts';
import { NO_ARGUMENTS, NONE, UNKNOWN, type Value } from '../state/values.ts';
import { takeUp } from '../tensors/tensor-methods.ts';
import { bindTarget, deleteTarget } from './assignment.ts';
import { runWith } from './context-managers.ts';
import { discard } from './discarded.ts';
import { importModules, importNames } from './imports.ts';
import { runFor, runWhile } from './loops.ts';
import { runMatch } from './matching.ts';
import { narrow } from './narrowing.ts';
import { runUnreadable } from './unreadable.ts';

export function runBlock(run: Interpreter, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (run.dead) return;
    const { isMuted } = run;
    if (run.reading === 'unreached') run.isMuted &&= run.reached.has(statement);
    else if (run.reading === 'everything') run.reached.add(statement);
    run.watch?.before(run, statement);
    runStatement(run, statement);
    run.watch?.after(run, statement);
    run.isMuted = isMuted;
  }
}

function runStatement(run: Interpreter, node: Statement): void {
  run.step(node);
  switch (node.kind) {
    case 'expressionStatement':
      discard(run, node.expression);
      return;
    case 'assignment': {
      const value = run.evaluate(node.value);
      const [target, ...others] = node.targets;
      if (target?.kind === 'name' && others.length === 0) {
        rebind(run, target.id, value, node);
        return;
      }
      for (const each of node.targets)
        bindTarget(run, each, value, { statement: node, valueNode: node.value });
      return;
    }
    case 'annotatedAssignment':
      if (node.value) {
        bindTarget(run, node.target, run.evaluate(node.value), { statement: node, valueNode: node.value });
      }
      return;
    case 'augmentedAssignment': {
      const before = run.evaluate(node.target);
      const value = run.evaluate(node.value);
      const object = run.object(before);
      if (node.operator === '+' && (object?.kind === 'list' || isModuleList(object))) {
        const extend: Value = { kind: 'method', receiver: before, name: 'extend' };
        run.call(extend, { ...NO_ARGUMENTS, positional: [value] }, node);
        return;
      }
      if ((before.kind === 'parameter' || before.kind === 'someParameter') && node.operator !== '@') {
        takeUp(run, before, [value], node);
        return;
      }
      const result = binary(run, node, before, value);
      bindTarget(run, node.target, result, { statement: node, valueNode: null });
      return;
    }
    case 'if':
      runIf(run, node);
      return;
    case 'for':
      runFor(run, node);
      return;
    case 'while':
      runWhile(run, node);
      return;
    case 'with':
      runWith(run, node, () => runBlock(run, node.body));
      return;
    case 'try':
      runTry(run, node);
      return;
    case 'match':
      runMatch(run, node);
      return;
    case 'functionDefinition': {
      const owner = run.frames.at(-1)?.name === '' ? (run.frames.at(-1)?.owner ?? null) : null;
      const value = makeFunction(run, node, owner);
      run.variables.assign(memberName(node), decorate(run, node, value));
      if (!owner && !isImported(node)) run.functions.push(value);
      return;
    }
    case 'classDefinition':
      run.variables.assign(node.name, decorate(run, node, makeClass(run, node)));
      return;
    case 'return': {
      const value = node.value ? run.evaluate(node.value) : NONE;
      if (run.dead) return;
      run.frames.at(-1)?.returns.push({ state: run.state, value });
      run.dead = true;
      return;
    }
    case 'raise':
      if (node.exception) {
        const thrown = evaluateException(run, node.exception);
        for (const handler of run.exceptions.handlers) handler.thrown.push(thrown);
      }
      run.exceptions.raise(node, errorName(node.exception));
      return;
    case 'delete':
      for (const target of node.targets) deleteTarget(run, target);
      return;
    case 'break':
      run.loops.at(-1)?.breaks.push(run.state);
      run.dead = true;
      return;
    case 'continue':
      run.loops.at(-1)?.continues.push(run.state);
      run.dead = true;
      return;
    case 'import':
      run.exceptions.mayHaveRaised = true;
      importModules(run, node);
      return;
    case 'importFrom':
      run.exceptions.mayHaveRaised = true;
      importNames(run, node);
      return;
    case 'global':
      for (const name of node.names) run.frames.at(-1)?.redirected.set(name, run.variables.globals);
      return;
    case 'nonlocal':
      for (const name of node.names) {
        const owner = run.scopes
          .slice(0, -1)
          .findLast((scope) => run.state.variables.get(`${scope}:${name}`));
        if (owner !== undefined) run.frames.at(-1)?.redirected.set(name, owner);
      }
      return;
    case 'assert':
      assertTrue(run, node);
      return;
    case 'errorStatement':
      runUnreadable(run, node);
      return;
    case 'pass':
      return;
  }
}

/** `name = value`, a statement of its own. */
function rebind(run: Interpreter, name: string, value: Value, at: Statement): void {
  const before = run.state.variables.get(run.variables.keyOf(name)) ?? null;
  run.variables.assign(name, value);
  afterRebinding(run, { name, before, value, at });
}

const isModuleList = (object: HeapObject | null): boolean =>
  object?.kind === 'module' && /\.(?:ModuleList|Sequential|ParameterList)$/.test(object.library ?? '');

/** `assert test`, as it runs without `-O`. */
function assertTrue(run: Interpreter, { test, start, end }: Assert): void {
  const truth = truthOf(run, run.evaluate(test));
  if (truth === false) run.exceptions.refuse({ start, end }, 'AssertionError');
  else {
    if (truth === null) run.exceptions.doubt('AssertionError');
    narrow(run, test, true);
  }
}

/** `ValueError("...")` itself raises nothing. */
function evaluateException(run: Interpreter, exception: Expression): Value {
  const { mayHaveRaised } = run.exceptions;
  const thrown = run.evaluate(exception);
  const isPlain =
    exception.kind === 'name' ||
    (exception.kind === 'call' &&
      exception.callee.kind === 'name' &&
      exception.args.every(({ value }) => value.kind === 'string'));
  if (isPlain && isPythonBuiltin(errorName(exception))) run.exceptions.mayHaveRaised = mayHaveRaised;
  return thrown;
}

/** The class that a raise statement names. */
function errorName(exception: Expression | null): string {
  const raised = exception?.kind === 'call' ? exception.callee : exception;
  return (raised && dottedName(raised)) ?? 'Exception';
}

function runIf(run: Interpreter, node: If): void {
  const truth = truthOf(run, run.evaluate(node.test));
  if (run.dead) return;
  if (truth !== null) {
    runBlock(run, truth ? node.body : node.orelse);
    return;
  }
  const arm = (outcome: boolean, body: readonly Statement[]) => (): Value => {
    narrow(run, node.test, outcome);
    runBlock(run, body);
    return UNKNOWN;
  };
  branchOnTest(run, node, node.test, arm(true, node.body), arm(false, node.orelse));
}

function runTry(run: Interpreter, node: Try): void {
  if (node.finalbody.length === 0) runTryWithoutFinally(run, node);
  else {
    runWithCleanup(
      run,
      () => runTryWithoutFinally(run, node),
      () => runBlock(run, node.finalbody),
    );
  }
}

function runTryWithoutFinally(run: Interpreter, node: Try): void {
  run.certainty.rejoining(() => runTryAndHandlers(run, node));
}

function runTryAndHandlers(run: Interpreter, node: Try): void {
  const before = run.state.fork();
  const { handler: inner, mayHaveRaised } = runProtected(
    run,
    (error) => node.handlers.some(({ type }) => !type || catches([type], error)),
    () => runBlock(run, node.body),
  );
  const raisesNothing = !mayHaveRaised && inner.caught.length === 0 && !run.dead;
  const end = run.dead ? null : run.state.fork();
  runBlock(run, node.orelse);
  const ends = run.dead ? [] : [run.state];
  let ways = 1;
  if (node.handlers.length > 0 && !raisesNothing) {
    if (mayHaveRaised || inner.caught.length === 0) catchAnywhere(run, inner, before, end);
    else catchExactly(run, inner);
    const thrown = run.state;
    for (const handler of node.handlers) {
      run.state = thrown.fork();
      run.dead = false;
      if (handler.type) run.evaluate(handler.type);
      if (handler.name) {
        const caught = inner.thrown.reduce((a, b) => run.joinValues(a, b), UNKNOWN as Value);
        run.variables.assign(handler.name, caught);
      }
      ways++;
      run.certainty.undecided(() => runBlock(run, handler.body));
      if (!run.dead) ends.push(run.state);
    }
  }
  const [first, ...rest] = ends;
  if (first) {
    run.state = first;
    run.dead = false;
    for (const state of rest) run.joinInto(state);
    if (ends.length < ways) run.certainty.losePaths();
  } else run.dead = true;
}
