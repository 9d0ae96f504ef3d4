/** How fixes and refactorings write what an optimizer is built over. */
import type { OptimizerBuilt } from '../analysis/training-events.ts';
import type { Expression, Module } from '../python/syntax.ts';
import type { Edit } from './rule.ts';
import { callAt, loopVariables, namesInUse, sameSpan, statementAround, textOf } from './syntax-context.ts';

/**
 * Filters the parameters that an optimizer is given to the trainable ones; null unless the argument is certainly an
 * iterable of parameters and not of groups.
 */
export function trainableOnly(module: Module, argument: Expression): Edit | null {
  if (!givesParameters(argument)) return null;
  const text = textOf(module, argument);
  const taken = new Set([...namesInUse(module, argument), ...text.split(/\W+/)]);
  const name = loopVariables(module).find((candidate) => !taken.has(candidate)) ?? 'parameter_';
  const content = `[${name} for ${name} in ${text} if ${name}.requires_grad]`;
  return { span: argument, content };
}

/**
 * The statement that builds an optimizer again under its name, over other parameters; null where it was not built by a
 * plain assignment to that name.
 */
export function rebuiltOver(
  module: Module,
  { call, argument }: Pick<OptimizerBuilt, 'call' | 'argument'>,
  name: string,
  parameters: string,
): string | null {
  const statement = statementAround(module, call);
  if (!argument || !callAt(module, call) || statement?.kind !== 'assignment') return null;
  const [target, ...others] = statement.targets;
  if (!target || others.length > 0 || !sameSpan(statement.value, call)) return null;
  if (textOf(module, target) !== name) return null;
  return (
    textOf(module, { start: statement.start, end: argument.start }) +
    parameters +
    textOf(module, { start: argument.end, end: statement.end })
  );
}

function givesParameters(argument: Expression): boolean {
  switch (argument.kind) {
    case 'call': {
      const { callee, args } = argument;
      if (callee.kind === 'attribute') {
        return (
          callee.name === 'parameters' ||
          (callee.name === 'chain' && args.every(({ value }) => givesParameters(value)))
        );
      }
      const [only, ...more] = args;
      if (callee.kind !== 'name' || !only) return false;
      if (callee.id === 'chain') return args.every(({ value }) => givesParameters(value));
      return callee.id === 'list' && more.length === 0 && givesParameters(only.value);
    }
    case 'binary':
      return argument.operator === '+' && givesParameters(argument.left) && givesParameters(argument.right);
    default:
      return false;
  }
}
