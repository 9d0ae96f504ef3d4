import type { MethodShadowed } from '../analysis/events.ts';
import type { Value } from '../analysis/state/values.ts';
import type { Trace } from '../analysis/trace.ts';
import type { Attribute, ClassDefinition, Expression, FunctionDefinition, Module } from '../python/syntax.ts';
import { children, type SyntaxNode, walk } from '../python/walk.ts';
import { groupBySpan } from './fix-text.ts';
import type { Finding, Fix, RelatedPlace, Rule, RuleContext } from './rule.ts';
import { enclosing, isTested, isUndecorated, quoted, textOf } from './syntax-context.ts';

export const freezeMethodShadowed: Rule = {
  code: 'FRZ109',
  name: 'freeze-method-shadowed',
  severity: 'error',
  summary: 'A setting on `self` has the name of the freeze method and hides it: the method can never run.',
  documentation: {
    whatItDoes:
      'Reports a class that keeps a setting, such as a bool, on `self` under the name of its own method that freezes or ' +
      'unfreezes.',
    whyItMatters:
      'An attribute of the instance goes before a method of the class. From the assignment on, `self.freeze_bn` is the ' +
      "setting, and `model.freeze_bn()` raises `TypeError: 'bool' object is not callable`. Where nobody calls it, for " +
      'the setting looked as if it were enough, nothing is ever frozen. A DeepLab implementation that several ' +
      'repositories share has this fault.',
    example: `from torch import nn


class Net(nn.Module):
    def __init__(self, freeze_bn=False):
        super().__init__()
        self.bn = nn.BatchNorm2d(8)
        self.freeze_bn = freeze_bn

    def freeze_bn(self):
        self.bn.eval()
        self.bn.requires_grad_(False)
`,
    useInstead: `from torch import nn


class Net(nn.Module):
    def __init__(self, freeze_bn=False):
        super().__init__()
        self.bn = nn.BatchNorm2d(8)
        self.should_freeze_bn = freeze_bn

    def freeze_bn(self):
        self.bn.eval()
        self.bn.requires_grad_(False)
`,
    whenNotToUse: 'Nothing speaks for one name for both.',
    knownProblems:
      'Silent where the value may be a function that takes the place of the method, where it is None, where the method ' +
      'was called on `self` before or sets the attribute itself, and where only a base class or other code sets the attribute.',
    fixSafety:
      'A suggestion: the attribute gets another name in its class. Code elsewhere that asks for it gets the method ' +
      'then, which is always true; and whether the method should be called somewhere is for you to say.',
    references: ['https://docs.python.org/3/reference/datamodel.html#invoking-descriptors'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const shadowed = trace
      .eventsOf('methodShadowed')
      .filter(({ method }) => isUndecorated(method) && freezes(trace, method));
    for (const events of groupBySpan(shadowed, ({ method }) => method)) {
      if (!events.every((event) => isSetting(module, event))) continue;
      const [first] = events.toSorted((a, b) => a.target.start - b.target.start);
      const owner = first && enclosing(module, first.target).findLast(isClass);
      if (first && owner && !isUsedBefore(module, first)) yield report(module, first, owner);
    }
  },
};

const isClass = (node: SyntaxNode): node is ClassDefinition => node.kind === 'classDefinition';
const isFunction = (node: SyntaxNode): node is FunctionDefinition => node.kind === 'functionDefinition';

/** A method that freezes or unfreezes, going by what it does or by what it is called. */
const freezes = (trace: Trace, { name, start, end }: FunctionDefinition): boolean =>
  /freez|thaw/i.test(name) ||
  trace.eventsOf('flagWritten').some(({ span }) => start <= span.start && span.end <= end);

/** Whether the value is certainly no function that takes the place of the method. */
function isSetting(module: Module, { target, value, valueNode }: MethodShadowed): boolean {
  if (mayBeFunction(value)) return false;
  if (value.kind === 'constant') return value.value !== null;
  if (/^(?:comparison|number|string|list|tuple|set|dictionary)$/.test(valueNode.kind)) return true;
  if (valueNode.kind === 'unary' && valueNode.operator === 'not') return true;
  return isFlagParameter(module, valueNode) || isTested(module, target.object, target.name);
}

const mayBeFunction = (value: Value): boolean =>
  /^(?:function|method|class|partial|external)$/.test(value.kind) ||
  (value.kind === 'union' && value.options.some(mayBeFunction));

/** A parameter of the function around that is a bool by its default or its annotation. */
function isFlagParameter(module: Module, node: Expression): boolean {
  const parameters = enclosing(module, node).findLast(isFunction)?.parameters ?? [];
  return parameters.some(
    ({ name, annotation, defaultValue }) =>
      node.kind === 'name' &&
      name === node.id &&
      (defaultValue?.kind === 'boolean' || (annotation?.kind === 'name' && annotation.id === 'bool')),
  );
}

/** Whether the assignment stands in the method itself, or after a call of it in the same function. */
function isUsedBefore(module: Module, { target, method }: MethodShadowed): boolean {
  const around = enclosing(module, target).findLast(isFunction);
  if (!around || around.start === method.start) return true;
  return callsOf(module, around, target).some(({ start }) => start < target.start);
}

/** The callees `self.name` of calls inside a node. */
function callsOf(module: Module, node: SyntaxNode, target: Attribute): readonly Attribute[] {
  const wanted = textOf(module, target);
  return [...walk(node)].flatMap((inner) =>
    inner.kind === 'call' && inner.callee.kind === 'attribute' && textOf(module, inner.callee) === wanted
      ? [inner.callee]
      : [],
  );
}

function report(
  module: Module,
  { target, className, method }: MethodShadowed,
  owner: ClassDefinition,
): Finding {
  const attribute = quoted(module, target);
  const calls: readonly RelatedPlace[] = callsOf(module, owner, target).map((span) => ({
    span,
    message: 'Calling it raises TypeError',
  }));
  return {
    span: target,
    message: `From here on \`${attribute}\` is this value and hides the method \`${method.name}()\` of ${className}: the method can no longer run, and calling it raises TypeError.`,
    related: [{ span: method.nameSpan, message: 'The method that is hidden' }, ...calls],
    fixes: [rename(module, target, owner)],
  };
}

/** Another name for the attribute everywhere in its class, except where it is called. */
function rename(module: Module, target: Attribute, owner: ClassDefinition): Fix {
  const taken = textOf(module, owner);
  let name = `should_${target.name.replace(/^_+/, '')}`;
  while (taken.includes(name)) name += '_';
  const called = new Set<SyntaxNode>(callsOf(module, owner, target));
  const wanted = textOf(module, target);
  const uses = [...methodsOf(owner)].flatMap((method) =>
    [...walk(method)].filter(
      (node): node is Attribute =>
        node.kind === 'attribute' && textOf(module, node) === wanted && !called.has(node),
    ),
  );
  return {
    message: `Rename the attribute to ${name}`,
    applicability: 'suggestion',
    edits: uses.map(({ nameSpan }) => ({ span: nameSpan, content: name })),
  };
}

/** The methods of a class; a class inside it has a `self` of its own. */
const methodsOf = (owner: ClassDefinition): readonly SyntaxNode[] => [...children(owner)].filter(isFunction);
