/** What each kind of statement does to the state. */
import type { Expression, If, Match, Statement, Try, With } from '../python/syntax.ts';
import { dottedName } from '../python/walk.ts';
import { bindTarget, deleteTarget } from './assignment.ts';
import { callCollectionMethod } from './collections.ts';
import { compare, truthOf } from './comparisons.ts';
import { discard } from './discarded.ts';
import { binary } from './expressions.ts';
import { makeClass, makeFunction } from './functions.ts';
import type { Interpreter } from './interpreter.ts';
import { runFor, runWhile } from './loops.ts';
import { narrow } from './narrowing.ts';
import { afterRebinding } from './obligations/moments.ts';
import { GRADIENTS_ON, GRADIENTS_UNKNOWN, type Gradients, type State } from './state.ts';
import { external, NONE, UNKNOWN, type Value } from './values.ts';

export function runBlock(run: Interpreter, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (run.dead) return;
    run.watch?.before(run, statement);
    runStatement(run, statement);
    run.watch?.after(run, statement);
  }
}

function runStatement(run: Interpreter, node: Statement): void {
  run.step();
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
      if (node.operator === '+' && run.object(before)?.kind === 'list') {
        callCollectionMethod(
          run,
          before,
          'extend',
          { positional: [value], keywords: new Map(), complete: true },
          node,
        );
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
      runWith(run, node);
      return;
    case 'try':
      runTry(run, node);
      return;
    case 'match':
      runMatch(run, node);
      return;
    case 'functionDefinition': {
      for (const decorator of node.decorators) run.evaluate(decorator);
      const owner = run.frames.at(-1)?.name === '' ? (run.frames.at(-1)?.owner ?? null) : null;
      const value = makeFunction(run, node, owner);
      run.assign(node.name, value);
      if (!owner) run.functions.push(value);
      return;
    }
    case 'classDefinition':
      run.assign(node.name, makeClass(run, node));
      return;
    case 'return': {
      const value = node.value ? run.evaluate(node.value) : NONE;
      if (run.dead) return;
      run.frames.at(-1)?.returns.push({ state: run.state, value });
      run.dead = true;
      return;
    }
    case 'raise':
      if (node.exception) run.evaluate(node.exception);
      run.raise(node, errorName(node.exception));
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
      run.mayHaveRaised = true;
      for (const { path, alias } of node.names) {
        if (alias) run.assign(alias, external(path));
        else {
          const [root = path] = path.split('.');
          run.assign(root, external(root));
        }
      }
      return;
    case 'importFrom': {
      run.mayHaveRaised = true;
      const module = '.'.repeat(node.level) + node.module;
      if (!node.names) run.starImports.push(module);
      for (const { name, alias } of node.names ?? [])
        run.assign(alias ?? name, external(`${module}.${name}`));
      return;
    }
    case 'global':
      for (const name of node.names) run.frames.at(-1)?.redirected.set(name, 'global');
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
      run.evaluate(node.test);
      narrow(run, node.test, true);
      return;
    case 'pass':
    case 'errorStatement':
      return;
  }
}

/** `name = value`, a statement of its own. */
function rebind(run: Interpreter, name: string, value: Value, at: Statement): void {
  const before = run.state.variables.get(run.variableKey(name)) ?? null;
  run.assign(name, value);
  afterRebinding(run, { name, before, value, at });
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
  run.branch([arm(true, node.body), arm(false, node.orelse)]);
}

/** Whether gradients are recorded inside `with torch.no_grad():` and its kin; null for any other context manager. */
function contextGradients(run: Interpreter, value: Value, at: Expression): Gradients | null {
  // `with torch.no_grad() if frozen else nullcontext():`
  if (value.kind === 'union') {
    return value.options.some((option) => contextGradients(run, option, at)) ? GRADIENTS_UNKNOWN : null;
  }
  if (value.kind !== 'external') return null;
  switch (value.path) {
    case 'torch.no_grad()':
      return { mode: 'off', since: at };
    case 'torch.inference_mode()':
      return { mode: 'inference', since: at };
    case 'torch.inference_mode(?)':
      return GRADIENTS_UNKNOWN;
    case 'torch.enable_grad()':
      // Tensors made in an inference_mode block stay inference tensors.
      return run.state.gradients.mode === 'inference' ? GRADIENTS_UNKNOWN : GRADIENTS_ON;
    case 'torch.set_grad_enabled()':
      return run.state.gradients;
    default:
      return null;
  }
}

function runWith(run: Interpreter, node: With): void {
  const before = run.state.gradients;
  const statesLeft = leavingStates(run);
  let changed = false;
  for (const { context, target } of node.items) {
    const value = run.evaluate(context);
    const gradients = contextGradients(run, value, context);
    if (gradients) {
      run.state.gradients = gradients;
      changed = true;
    }
    if (target) bindTarget(run, target, gradients ? UNKNOWN : value);
  }
  runBlock(run, node.body);
  if (!changed) return;
  if (!run.dead) run.state.gradients = before;
  for (const state of statesLeft()) state.gradients = before;
}

/** Gives, when called later, the states in which something was left early since: by return, break, continue or raise. */
function leavingStates(run: Interpreter): () => readonly State[] {
  const lists = [run.loops.at(-1)?.breaks, run.loops.at(-1)?.continues, run.handlers.at(-1)];
  const marks = lists.map((list) => list?.length ?? 0);
  const returns = run.frames.at(-1)?.returns ?? [];
  const mark = returns.length;
  return () => [
    ...lists.flatMap((list, index) => list?.slice(marks[index]) ?? []),
    ...returns.slice(mark).map(({ state }) => state),
  ];
}

function runTry(run: Interpreter, node: Try): void {
  const before = run.state.fork();
  const caught: (typeof run.handlers)[number] = [];
  const { mayHaveRaised } = run;
  run.mayHaveRaised = false;
  run.handlers.push(caught);
  runBlock(run, node.body);
  run.handlers.pop();
  const raisesNothing = !run.mayHaveRaised && caught.length === 0 && !run.dead;
  run.mayHaveRaised ||= mayHaveRaised;
  if (!run.dead) caught.push(run.state.fork());
  runBlock(run, node.orelse);
  const ends = run.dead ? [] : [run.state];
  if (node.handlers.length > 0 && !raisesNothing) {
    run.state = before;
    run.dead = false;
    for (const state of caught) run.joinInto(state);
    const thrown = run.state;
    for (const handler of node.handlers) {
      run.state = thrown.fork();
      run.dead = false;
      if (handler.type) run.evaluate(handler.type);
      if (handler.name) run.assign(handler.name, UNKNOWN);
      runBlock(run, handler.body);
      if (!run.dead) ends.push(run.state);
    }
  }
  const [first, ...rest] = ends;
  if (first) {
    run.state = first;
    run.dead = false;
    for (const state of rest) run.joinInto(state);
  } else run.dead = true;
  runBlock(run, node.finalbody);
}

function runMatch(run: Interpreter, node: Match): void {
  const subject = run.evaluate(node.subject);
  const arms: (() => Value)[] = [];
  for (const { value, irrefutable, captures, guard, body } of node.cases) {
    const matches = irrefutable ? true : value ? matchesLiteral(run, subject, value) : null;
    if (matches === false) continue;
    arms.push(() => {
      for (const name of captures) run.assign(name, irrefutable ? subject : UNKNOWN);
      if (guard) run.evaluate(guard);
      runBlock(run, body);
      return UNKNOWN;
    });
    if (matches && !guard) {
      run.branch(arms);
      return;
    }
  }
  run.branch([...arms, () => UNKNOWN]);
}

const matchesLiteral = (run: Interpreter, subject: Value, pattern: Expression): boolean | null =>
  compare(run, '==', subject, run.evaluate(pattern));
