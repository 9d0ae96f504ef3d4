/** `with`: gradient modes, the program's own context managers, and those that swallow exceptions. */
import type { Expression, With } from '../../python/syntax.ts';
import { dottedName, walk } from '../../python/walk.ts';
import { runAtYields } from '../builtins/generators.ts';
import { awaited, invoke } from '../calls/functions.ts';
import { specialMethod } from '../calls/python-classes.ts';
import type { Interpreter } from '../interpreter.ts';
import { catchAnywhere, catches, runProtected } from '../running/handlers.ts';
import { runWithCleanup } from '../running/leaving.ts';
import { GRADIENTS_ON, GRADIENTS_UNKNOWN, type Gradients } from '../state/state.ts';
import { type FunctionValue, NO_ARGUMENTS, NONE, UNKNOWN, type Value } from '../state/values.ts';
import { bindTarget } from './assignment.ts';

/** Runs the items of a `with` statement from the outermost on, and `body` inside all of them. */
export function runWith(run: Interpreter, node: With, body: () => void, index = 0): void {
  const item = node.items[index];
  if (!item) {
    body();
    return;
  }
  // set_grad_enabled() acts as soon as it is called.
  const before = run.state.gradients;
  const value = run.evaluate(item.context);
  const inside = (entered: Value): void => {
    if (item.target) bindTarget(run, item.target, entered);
    runWith(run, node, body, index + 1);
  };
  // `with frozen(model) if flag else nullcontext():`
  if (value.kind === 'union' && !contextGradients(run, value, item.context)) {
    run.each(value, (option) => {
      runManaged(run, node, item.context, option, before, inside);
      return UNKNOWN;
    });
  } else runManaged(run, node, item.context, value, before, inside);
}

/** Enters one context manager, runs what is inside and leaves it; `before` is the gradient mode around it. */
function runManaged(
  run: Interpreter,
  { isAsync }: With,
  context: Expression,
  value: Value,
  before: Gradients,
  enter: (entered: Value) => void,
): void {
  const gradients = contextGradients(run, value, context);
  if (gradients) {
    run.state.gradients = gradients;
    runWithCleanup(
      run,
      () => enter(UNKNOWN),
      () => {
        run.state.gradients = before;
      },
    );
    return;
  }
  const callee = managerOf(run, value);
  if (callee) {
    runAtYields(run, callee.callee, callee.scope, callee.id, enter);
    return;
  }
  const [enterMethod, exitMethod] = [
    isAsync ? '__aenter__' : '__enter__',
    isAsync ? '__aexit__' : '__exit__',
  ].map((name) => specialMethod(run, value, name));
  if (enterMethod && exitMethod) {
    const entered = awaited(run, invoke(run, enterMethod, NO_ARGUMENTS, context), context);
    if (run.dead) return;
    const managed = (): void =>
      runWithCleanup(
        run,
        () => enter(entered),
        () => void awaited(run, invoke(run, exitMethod, EXIT_ARGUMENTS, context), context),
      );
    if (maySwallow(exitMethod)) runSwallowing(run, { certainly: [], perhaps: true }, managed);
    else managed();
    return;
  }
  const swallowed =
    context.kind === 'call' && SWALLOWS.has(dottedName(context.callee) ?? '')
      ? context.args.map(({ value: type }) => type)
      : [];
  runSwallowing(run, { certainly: swallowed, perhaps: false }, () => enter(value));
}

const EXIT_ARGUMENTS = { ...NO_ARGUMENTS, positional: [NONE, NONE, NONE] };

/** Context managers that end a block at an exception and go on after it. */
const SWALLOWS = new Set(['contextlib.suppress', 'suppress', 'pytest.raises', 'self.assertRaises']);

/** Which exceptions end the block and no more. */
interface Swallowed {
  readonly certainly: readonly Expression[];
  /** Whether any other may be swallowed, too. */
  readonly perhaps: boolean;
}

/** Where a manager that nobody knows may swallow an exception, what follows the block is reached all the same. */
function runSwallowing(run: Interpreter, swallowed: Swallowed, body: () => void): void {
  run.certainty.rejoining(() => runAndSwallow(run, swallowed, body));
}

function runAndSwallow(run: Interpreter, { certainly, perhaps }: Swallowed, body: () => void): void {
  const before = run.state.fork();
  const { handler, mayHaveRaised } = runProtected(run, (error) => catches(certainly, error), body);
  if ((certainly.length > 0 || perhaps) && mayHaveRaised) {
    const end = run.dead ? null : run.state;
    if (!end) run.certainty.losePaths();
    catchAnywhere(run, handler, before, end);
  } else for (const state of handler.caught) run.joinInto(state);
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

/** Whether an `__exit__` gives something that may count as true. */
const maySwallow = ({ definition }: FunctionValue): boolean =>
  [...walk(definition)].some(
    (node) =>
      node.kind === 'return' &&
      node.value !== null &&
      node.value.kind !== 'none' &&
      !(node.value.kind === 'boolean' && !node.value.value),
  );

/** The generator function behind a value that `@contextlib.contextmanager` made. */
function managerOf(
  run: Interpreter,
  value: Value,
): { readonly callee: FunctionValue; readonly scope: string; readonly id: string } | null {
  const object = run.object(value);
  if (value.kind !== 'reference' || object?.kind !== 'iterator' || object.source.kind !== 'generator')
    return null;
  const { callee, scope } = object.source;
  if (callee.definition.kind === 'lambda') return null;
  const isManager = callee.definition.decorators.some((decorator) =>
    /(^|\.)contextmanager$/.test(dottedName(decorator) ?? ''),
  );
  return isManager ? { callee, scope, id: value.id } : null;
}
