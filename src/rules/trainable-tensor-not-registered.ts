import type { Attribute, Call, ClassDefinition, Expression, Module, Span } from '../python/syntax.ts';
import { children, dottedName, type SyntaxNode, walk } from '../python/walk.ts';
import { groupBySpan } from './fix-text.ts';
import type { Edit, Finding, Fix, Rule, RuleContext } from './rule.ts';
import { enclosing, statementAround, textOf } from './syntax-context.ts';

export const trainableTensorNotRegistered: Rule = {
  code: 'FRZ308',
  name: 'trainable-tensor-not-registered',
  severity: 'information',
  summary: 'A tensor with requires_grad=True is a plain attribute of a module, so no optimizer gets it.',
  documentation: {
    whatItDoes:
      'Reports a new tensor that asks for a gradient and that the constructor of a module keeps as a plain attribute, where ' +
      'the class computes with it and the program hands it to no list, optimizer or `autograd.grad`.',
    whyItMatters:
      'Only an `nn.Parameter` is registered. A plain tensor is in no `parameters()`, so no optimizer moves it, `to(device)` ' +
      'leaves it where it is, and checkpoints do not hold it. Its gradient is computed and adds up for nothing.',
    example: `import torch
from torch import nn

class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.alpha = torch.ones(3, requires_grad=True)

    def forward(self, x):
        return x * self.alpha
`,
    useInstead: `import torch
from torch import nn

class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(3))

    def forward(self, x):
        return x * self.alpha
`,
    whenNotToUse: 'Where the gradient itself is what is wanted, and other code reads it.',
    knownProblems:
      'Code in other files may still hand the tensor to an optimizer, which is why this is information only. Any use that ' +
      'could lead there keeps the rule silent: a list, a return, an alias, `.grad`.',
    fixSafety:
      'Behavioural: the tensor becomes a Parameter, which the optimizer trains and checkpoints hold.',
    references: ['https://pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    for (const [{ span, name, className }] of groupBySpan(
      trace.eventsOf('leafKeptOnModule'),
      (one) => one.span,
    )) {
      const statement = statementAround(module, span);
      if (statement?.kind !== 'assignment' || statement.targets.length !== 1) continue;
      const [target] = statement.targets;
      if (target?.kind !== 'attribute' || target.name !== name) continue;
      const definition = enclosing(module, span).findLast((node) => node.kind === 'classDefinition');
      if (!definition || !isComputedWith(module, definition, target)) continue;
      yield {
        message: `\`${textOf(module, target)}\` asks for a gradient but is no nn.Parameter: ${className}.parameters() does not hold it, so no optimizer trains it.`,
        span: target,
        fixes: asParameter(module, statement.value),
      };
    }
  },
};

/** Whether the tensor is computed with, and nothing is done that could bring it to an optimizer. */
function isComputedWith(module: Module, definition: ClassDefinition, target: Attribute): boolean {
  let isRead = false;
  for (const statement of module.body) {
    for (const parent of walk(statement)) {
      for (const node of children(parent)) {
        if (node === target || node.kind !== 'attribute' || node.name !== target.name) continue;
        if (!isMereComputation(parent, node)) return false;
        isRead ||= definition.start <= node.start && node.end <= definition.end;
      }
    }
  }
  return isRead;
}

/** Tensor functions, as against what collects, keeps or trains what it is given. */
const COMPUTES = /^(?:torch|F|nn\.functional|torch\.nn\.functional)\.(?!optim|autograd)/;

function isMereComputation(parent: SyntaxNode, node: Attribute): boolean {
  switch (parent.kind) {
    case 'binary':
    case 'unary':
    case 'comparison':
      return true;
    case 'subscript':
      return parent.object === node;
    case 'call':
      return parent.callee !== node && COMPUTES.test(dottedName(parent.callee) ?? '');
    case 'attribute':
      return /^(?:view|reshape|expand|expand_as|unsqueeze|squeeze|repeat|t|T|shape|size|sigmoid|exp|softmax|tanh|abs|sum|mean|clamp|matmul|mm|dot|transpose|permute)$/.test(
        parent.name,
      );
    default:
      return false;
  }
}

/** The tensor wrapped in nn.Parameter, without the flag that a Parameter has anyway. */
function asParameter(module: Module, value: Expression): readonly Fix[] {
  const parameter = parameterName(module);
  if (!parameter || value.kind !== 'call') return [];
  const edits =
    value.callee.kind === 'attribute' && value.callee.name === 'requires_grad_'
      ? fromMethod(value.callee, value, parameter)
      : fromFlag(value, parameter);
  return edits.length === 0
    ? []
    : [{ message: 'Make it an nn.Parameter', applicability: 'behavioural', edits }];
}

/** How this file can spell it; null where torch.nn is not imported under a usual name. */
function parameterName(module: Module): string | null {
  if (/^\s*(?:from torch import (?:.*\b)?nn\b|import torch\.nn as nn\b)/m.test(module.text))
    return 'nn.Parameter';
  return /^\s*import torch\s*$/m.test(module.text) ? 'torch.nn.Parameter' : null;
}

const insertion = (at: number, content: string): Edit => ({ span: { start: at, end: at }, content });

function fromMethod(callee: Attribute, value: Span, parameter: string): readonly Edit[] {
  return [
    insertion(value.start, `${parameter}(`),
    { span: { start: callee.object.end, end: value.end }, content: ')' },
  ];
}

function fromFlag(value: Call, parameter: string): readonly Edit[] {
  const index = value.args.findIndex(({ name }) => name === 'requires_grad');
  const [flag, before] = [value.args[index], value.args[index - 1]];
  if (!flag || !before) return [];
  const isVariable = /(?:^|\.)Variable$/.test(dottedName(value.callee) ?? '');
  const removed: Edit = { span: { start: before.value.end, end: flag.value.end }, content: '' };
  return isVariable
    ? [{ span: value.callee, content: parameter }, removed]
    : [insertion(value.start, `${parameter}(`), removed, insertion(value.end, ')')];
}
