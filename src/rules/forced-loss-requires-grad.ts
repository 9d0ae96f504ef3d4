import type { Graph } from '../analysis/state/values.ts';
import type { Call, Expression, Module, Span, Statement } from '../python/syntax.ts';
import { walk } from '../python/walk.ts';
import { groupBySpan, removeStatement } from './fix-text.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import {
  callAt,
  isGuarded,
  isTested,
  plainAssignment,
  quoted,
  receiverText,
  sameSpan,
  statementAround,
  textOf,
} from './syntax-context.ts';

export const forcedLossRequiresGrad: Rule = {
  code: 'FRZ501',
  name: 'forced-loss-requires-grad',
  severity: 'error',
  summary: 'A loss without a graph is made to require a gradient: backward() runs and reaches no parameter.',
  documentation: {
    whatItDoes:
      'Reports `loss.requires_grad = True`, `loss.requires_grad_()`, `Variable(loss, requires_grad=True)` and ' +
      '`torch.tensor(loss, requires_grad=True)` on something computed, where `backward()` is then called on the result.',
    whyItMatters:
      'The usual reason for such a line is the error `element 0 of tensors does not require grad`. It goes away, and nothing ' +
      'trains: the loss is now a leaf by itself, and of a model with everything frozen 0 parameters changed in three steps. ' +
      'It is worse on a healthy loss: `Variable(...)` and `torch.tensor(...)` copy the number without its graph, ' +
      'so that the head got no gradient either, and the attribute raises a RuntimeError.',
    example: `import torch
from torch import nn
from torch.autograd import Variable
from torchvision import models

model = models.resnet18(num_classes=3)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loss = criterion(model(torch.randn(2, 3, 64, 64)), torch.tensor([0, 1]))
loss = Variable(loss, requires_grad=True)
loss.backward()
optimizer.step()
`,
    useInstead: `import torch
from torch import nn
from torch.autograd import Variable
from torchvision import models

model = models.resnet18(num_classes=3)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loss = criterion(model(torch.randn(2, 3, 64, 64)), torch.tensor([0, 1]))
loss.backward()
optimizer.step()
`,
    whenNotToUse: 'Where a gradient with respect to the number itself is wanted, as in a lesson on autograd.',
    knownProblems:
      '`loss.requires_grad_()` on a loss that has a graph changes nothing; it is reported only where the loss certainly has ' +
      'none. A loss that is mixed with others after it was wrapped is not followed.',
    fixSafety:
      'A suggestion: without the line the error that it hid may come back, and shows where the loss lost its graph: a frozen ' +
      'model, `no_grad`, `.detach()`, `.item()`, NumPy.',
    references: ['https://pytorch.org/docs/stable/notes/autograd.html#setting-requires-grad'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const backwards = trace.eventsOf('backward').flatMap((event) => {
      return event.graph?.kind === 'forced' ? [{ ...event, graph: event.graph }] : [];
    });
    for (const group of groupBySpan(backwards, ({ graph }) => graph.at)) {
      const [{ graph, span: backward }] = group;
      const code = forcingCode(module, graph);
      if (!code || isGuarded(module, code.span, code.loss)) continue;
      // `if not loss.requires_grad:` knows what it does.
      if (code.loss && isTested(module, code.loss, 'requires_grad')) continue;
      if (gradientIsRead(module, code)) continue;
      yield {
        message: messageOf(module, code),
        span: code.span,
        related: [{ message: 'backward() starts here and reaches no parameter', span: backward }],
        fixes: graph.byMode ? [] : withoutForcing(module, code),
      };
    }
  },
};

/** How the program makes the loss a leaf. */
interface ForcingCode {
  readonly how: 'attribute' | 'method' | 'wrapper';
  readonly span: Span;
  /** What is made to require a gradient; null where nothing can be named. */
  readonly loss: Expression | null;
  readonly statement: Statement;
  readonly call: Call | null;
}

function forcingCode(module: Module, { at }: Graph): ForcingCode | null {
  const statement = statementAround(module, at);
  if (!statement) return null;
  const call = callAt(module, at);
  if (!call) {
    const [target] = statement.kind === 'assignment' ? statement.targets : [];
    if (target?.kind !== 'attribute') return null;
    return { how: 'attribute', span: target, loss: target.object, statement, call };
  }
  if (call.callee.kind === 'attribute' && call.callee.name === 'requires_grad_') {
    return { how: 'method', span: call, loss: call.callee.object, statement, call };
  }
  return { how: 'wrapper', span: call, loss: call.args[0]?.value ?? null, statement, call };
}

/** Whether the program asks for the `.grad` of the leaf: then its own gradient is what backward() is for. */
function gradientIsRead(module: Module, { loss, statement }: ForcingCode): boolean {
  const names = [...(statement.kind === 'assignment' ? statement.targets : []), ...(loss ? [loss] : [])];
  const wanted = new Set(names.map((name) => `${textOf(module, name)}.grad`));
  return module.body.some((one) =>
    [...walk(one)].some((node) => node.kind === 'attribute' && wanted.has(textOf(module, node))),
  );
}

function messageOf(module: Module, { how, span, loss }: ForcingCode): string {
  const name = loss ? `\`${quoted(module, loss)}\`` : 'the loss';
  if (how === 'wrapper') {
    return `\`${quoted(module, span)}\` is a new leaf, cut off from the model that ${name} was computed with: backward() reaches no parameter and nothing is trained.`;
  }
  return `This hides that ${name} has no graph: backward() then reaches no parameter and nothing is trained.`;
}

/** Nothing where the gradient mode cut the graph: then the call of backward() belongs elsewhere (FRZ502). */
function withoutForcing(module: Module, { how, loss, statement, call }: ForcingCode): readonly Fix[] {
  if (!loss) return [];
  const edits = (edit: ReturnType<typeof removeStatement>, message: string): readonly Fix[] =>
    edit ? [{ message, applicability: 'suggestion', edits: [edit] }] : [];
  if (how !== 'wrapper') {
    const isWhole = call ? statement.kind === 'expressionStatement' : plainAssignmentOf(module, statement);
    return isWhole ? edits(removeStatement(module, statement), 'Remove this line') : [];
  }
  const healthy = withoutCopies(loss);
  if (!call || !/^(?:name|attribute|call|subscript)$/.test(healthy.kind)) return [];
  const text = receiverText(module, healthy);
  const target =
    statement.kind === 'assignment' && statement.targets.length === 1 ? statement.targets[0] : null;
  if (target && statement.kind === 'assignment' && sameSpan(statement.value, call)) {
    const removed = textOf(module, target) === text ? removeStatement(module, statement) : null;
    if (removed) return edits(removed, 'Remove this line');
  }
  return edits({ span: call, content: text }, `Use \`${text}\` itself`);
}

const plainAssignmentOf = (module: Module, statement: Statement): boolean =>
  statement.kind === 'assignment' &&
  statement.targets[0] !== undefined &&
  plainAssignment(module, statement.targets[0]) !== null;

/** `loss` in `loss.detach().cpu().item()`: what still has its graph. */
function withoutCopies(loss: Expression): Expression {
  if (loss.kind === 'attribute' && loss.name === 'data') return withoutCopies(loss.object);
  const isCopy =
    loss.kind === 'call' &&
    loss.args.length === 0 &&
    loss.callee.kind === 'attribute' &&
    /^(?:detach|clone|cpu|item|numpy|tolist)$/.test(loss.callee.name);
  return isCopy && loss.callee.kind === 'attribute' ? withoutCopies(loss.callee.object) : loss;
}
