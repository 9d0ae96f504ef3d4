import type { FlagMethodRead } from '../analysis/events.ts';
import type { Attribute, Expression, Module } from '../python/syntax.ts';
import { groupBySpan } from './fix-text.ts';
import { agreedReceiver } from './receivers.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { definesFunction, enclosing, quoted, sameSpan, textOf } from './syntax-context.ts';

export const requiresGradMethodAsCondition: Rule = {
  code: 'FRZ108',
  name: 'requires-grad-method-as-condition',
  severity: 'warning',
  summary: '`if p.requires_grad_` asks a method, which is always true; the flag is `p.requires_grad`.',
  documentation: {
    whatItDoes:
      'Reports `requires_grad_` where a condition stands: in `if`, `while` and `assert`, in the condition of a ' +
      'comprehension or a `filter`, after `not`, beside `and` and `or`, or compared with True or False.',
    whyItMatters:
      'Without a call it is the method itself, and a method is always true. `[p for p in model.parameters() if ' +
      'p.requires_grad_]` keeps every parameter, frozen or not; with `not` it keeps none. An optimizer does ' +
      'no harm to the frozen ones it gets, but counts of trainable parameters and checkpoints of "the trainable ' +
      'ones" are wrong.',
    example: `from torch import nn

layer = nn.Linear(4, 2)
layer.bias.requires_grad = False
trainable = sum(p.numel() for p in layer.parameters() if p.requires_grad_)
`,
    useInstead: `from torch import nn

layer = nn.Linear(4, 2)
layer.bias.requires_grad = False
trainable = sum(p.numel() for p in layer.parameters() if p.requires_grad)
`,
    whenNotToUse:
      'Where the question is whether an object has such a method; `hasattr` says that more clearly.',
    knownProblems:
      'Silent in files that define or overwrite `requires_grad_`, and beside a `hasattr`. A method that is kept in a ' +
      'variable or returned before it is asked is not found.',
    fixSafety:
      'Behavioural: the condition then depends on the flag, so the frozen parameters are left out. A suggestion where ' +
      'it is unknown whether the object has the flag. None on a Module, which has no flag of its own.',
    references: ['https://pytorch.org/docs/stable/generated/torch.Tensor.requires_grad_.html'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const isOverwritten = trace
      .eventsOf('attributeAssigned')
      .some(({ attribute }) => attribute === 'requires_grad_');
    if (isOverwritten || definesFunction(module, 'requires_grad_')) return;
    for (const executions of groupBySpan(trace.eventsOf('flagMethodRead'), ({ attribute }) => attribute)) {
      const { attribute } = executions[0];
      const condition = conditionAround(module, attribute);
      if (!condition) continue;
      const agreed = agreedReceiver(trace, executions);
      if (!agreed && !executions.every(isOpen)) continue;
      const isModule = agreed?.kind === 'module';
      const object = quoted(module, attribute.object);
      const instead = isModule
        ? `a Module has no flag of its own, so ask its parameters`
        : `the flag is \`${object}.requires_grad\``;
      yield {
        span: attribute,
        message: `\`${object}.requires_grad_\` is a method, so ${outcome(module, condition, attribute)}, whatever the flag is; ${instead}.`,
        fixes: isModule ? [] : [dropUnderscore(attribute, agreed ? 'behavioural' : 'suggestion')],
      };
    }
  },
};

/** Nothing is known of the object; the name is that of the method all the same. */
const isOpen = ({ receiver }: FlagMethodRead): boolean =>
  (receiver.what === 'unknown' || receiver.what === 'module') && !receiver.ownAttribute;

/**
 * The expression that is true or false because of an attribute: a `not`, a comparison with a bool, else the attribute
 * itself. Null where the attribute is in no condition, or where it is asked whether there is such a method.
 */
function conditionAround(module: Module, attribute: Attribute): Expression | null {
  const around = enclosing(module, attribute);
  if (around.some((node) => node.kind === 'if' && asksForMethod(module, node.test))) return null;
  let inner: Expression = attribute;
  for (let index = around.length - 2; index >= 0; index--) {
    const node = around[index];
    const outer = around[index - 1];
    switch (node?.kind) {
      case 'unary':
        return node.operator === 'not' ? node : null;
      case 'comparison': {
        const [only, ...more] = node.rest;
        if (!only || more.length > 0 || outer?.kind === 'expressionStatement') return null;
        const other = sameSpan(node.left, inner) ? only.right : node.left;
        return other.kind === 'boolean' ? node : null;
      }
      case 'booleanOperation':
        if (asksForMethod(module, node)) return null;
        if (sameSpan(node.left, inner)) return attribute;
        inner = node;
        break;
      case 'conditional':
        if (sameSpan(node.test, inner)) return attribute;
        inner = node;
        break;
      case 'if':
      case 'while':
      case 'assert':
        return sameSpan(node.test, inner) ? attribute : null;
      case 'call':
        return node.callee.kind === 'name' && node.callee.id === 'bool' ? attribute : null;
      case 'lambda':
        return isFirstArgument(outer, node, /^filter$/) ? attribute : null;
      case 'comprehension': {
        const tests = node.clauses.flatMap(({ conditions }) => conditions);
        if (tests.some((test) => sameSpan(test, inner))) return attribute;
        return sameSpan(node.element, inner) && isFirstArgument(outer, node, /^(?:any|all)$/)
          ? attribute
          : null;
      }
      default:
        return null;
    }
  }
  return null;
}

const asksForMethod = (module: Module, test: Expression): boolean => /\bhasattr\b/.test(textOf(module, test));

/** Whether `node` is the first argument of a call of a function with such a name. */
const isFirstArgument = (
  outer: ReturnType<typeof enclosing>[number] | undefined,
  node: Expression,
  name: RegExp,
): boolean =>
  outer?.kind === 'call' &&
  outer.callee.kind === 'name' &&
  name.test(outer.callee.id) &&
  outer.args[0]?.value === node;

function outcome(module: Module, condition: Expression, attribute: Attribute): string {
  if (condition === attribute) return 'this is always true';
  const text = quoted(module, condition);
  const isUnequal =
    condition.kind === 'comparison' && /^(?:!=|is not)$/.test(condition.rest[0]?.operator ?? '');
  return `\`${text}\` is always ${isUnequal ? 'true' : 'false'}`;
}

function dropUnderscore({ nameSpan }: Attribute, applicability: Fix['applicability']): Fix {
  const underscore = { start: nameSpan.end - 1, end: nameSpan.end };
  return {
    message: 'Ask for the flag, without the underscore',
    applicability,
    edits: [{ span: underscore, content: '' }],
  };
}
