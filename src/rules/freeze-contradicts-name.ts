import type { Trace } from '../analysis/trace.ts';
import type { Expression, FunctionDefinition, Module, Span } from '../python/syntax.ts';
import { children, isStatement, type SyntaxNode, walk } from '../python/walk.ts';
import type { Edit, Finding, Rule, RuleContext } from './rule.ts';

export const freezeContradictsName: Rule = {
  code: 'FRZ309',
  name: 'freeze-contradicts-name',
  severity: 'information',
  summary: 'A function called unfreeze... only freezes, or one called freeze... only unfreezes.',
  documentation: {
    whatItDoes:
      'Reports a function whose name begins with `freeze` and in which every write of `requires_grad` sets True, or with ' +
      '`unfreeze` and every write sets False.',
    whyItMatters:
      'One of the two is wrong, mostly the value: the function was copied from its counterpart and one line was forgotten. ' +
      'Whoever calls it gets the opposite of what the name says, and no error.',
    example: `import torch
from torchvision import models

def unfreeze(model):
    for param in model.parameters():
        param.requires_grad = False

model = models.resnet18()
model.requires_grad_(False)
unfreeze(model)
`,
    useInstead: `import torch
from torchvision import models

def unfreeze(model):
    for param in model.parameters():
        param.requires_grad = True

model = models.resnet18()
model.requires_grad_(False)
unfreeze(model)
`,
    whenNotToUse:
      'Where the name is meant of something else than the flags it sets, such as the rest of the model.',
    knownProblems:
      'A function that takes a flag, that calls another function about freezing, or that sets both values stays silent, as ' +
      'does one whose name makes exceptions (`freeze_except`).',
    fixSafety: 'A suggestion: the value is changed to what the name says, but the name may be what is wrong.',
    references: ['https://pytorch.org/docs/stable/notes/autograd.html#setting-requires-grad'],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    for (const definition of functionsOf(module)) {
      const shouldFreeze = promiseOf(definition.name);
      if (shouldFreeze === null || takesFlag(definition)) continue;
      const writes = writesIn(definition, shouldFreeze);
      const [first] = writes ?? [];
      if (!writes || !first || !reachesParameters(trace, definition, shouldFreeze)) continue;
      const name = module.text.indexOf(definition.name, definition.start);
      const [does, value] = shouldFreeze ? ['unfreezes', 'True'] : ['freezes', 'False'];
      yield {
        message: `\`${definition.name}\` only ${does}: every write in it sets \`requires_grad\` to ${value}.`,
        span: first.whole,
        related: [
          {
            message: 'the name says the opposite',
            span: { start: name, end: name + definition.name.length },
          },
        ],
        fixes: [
          {
            message: `Set \`requires_grad\` to ${shouldFreeze ? 'False' : 'True'}`,
            applicability: 'suggestion',
            edits: writes.map(({ edit }) => edit),
          },
        ],
      };
    }
  },
};

function functionsOf(module: Module): readonly FunctionDefinition[] {
  return module.body
    .flatMap((statement) => [...walk(statement)])
    .filter((node): node is FunctionDefinition => node.kind === 'functionDefinition');
}

/** Words that turn around or limit what a name promises. */
const EXCEPTIONS =
  /except|but|only|toggle|maybe|until|till|after|before|rest|other|not|then|and|or(?:_|$)|unless|without/i;

/** Whether a function's name says that it freezes (true) or unfreezes (false); null where it says neither. */
function promiseOf(name: string): boolean | null {
  if (EXCEPTIONS.test(name)) return null;
  if (/^_*(?:un_?freeze|thaw)(?![a-z])/i.test(name)) return false;
  return /^_*freeze(?![a-z])/.test(name) && !/unfreeze|thaw/i.test(name) ? true : null;
}

/** A parameter that may decide which value is set. */
const takesFlag = ({ parameters }: FunctionDefinition): boolean =>
  parameters.some(
    ({ name, defaultValue }) =>
      defaultValue?.kind === 'boolean' ||
      /grad|train|freez|enabl|toggle|(?:^|_)(?:flag|mode|value|state|active|on|off)(?:_|$)/i.test(name),
  );

interface Write {
  readonly whole: Span;
  readonly edit: Edit;
}

/** All writes of the flag in a function; null where one sets what the name says, or where other code may write it. */
function writesIn(definition: FunctionDefinition, shouldFreeze: boolean): readonly Write[] | null {
  const writes: Write[] = [];
  for (const node of nodesInside(definition)) {
    if (node.kind === 'assignment') {
      const isFlag = node.targets.some((one) => one.kind === 'attribute' && one.name === 'requires_grad');
      if (!isFlag) continue;
      const edit = opposite(node.value, shouldFreeze);
      if (!edit) return null;
      writes.push({ whole: node, edit });
    } else if (node.kind === 'call') {
      const name = calledName(node.callee);
      if (name === 'requires_grad_') {
        const [argument] = node.args;
        const edit = argument
          ? opposite(argument.value, shouldFreeze)
          : shouldFreeze
            ? { span: { start: node.end - 1, end: node.end - 1 }, content: 'False' }
            : null;
        if (!edit) return null;
        writes.push({ whole: node, edit });
      } else if (/freez|thaw|grad|trainable|setattr|super|^apply$/i.test(name)) return null;
    }
  }
  return writes;
}

/** The change of a literal into what the name says; null for anything else. */
function opposite(value: Expression, shouldFreeze: boolean): Edit | null {
  return value.kind === 'boolean' && value.value === shouldFreeze
    ? { span: value, content: shouldFreeze ? 'False' : 'True' }
    : null;
}

const calledName = (callee: Expression): string =>
  callee.kind === 'attribute' ? callee.name : callee.kind === 'name' ? callee.id : '';

/** Everything in a function, functions inside of it left out. */
function* nodesInside(node: SyntaxNode): Generator<SyntaxNode> {
  for (const child of children(node)) {
    if (isStatement(child) && (child.kind === 'functionDefinition' || child.kind === 'classDefinition'))
      continue;
    yield child;
    yield* nodesInside(child);
  }
}

/** Whether writes in the function were seen to reach parameters, all of them with the value that the name denies. */
function reachesParameters(trace: Trace, { start, end }: Span, value: boolean): boolean {
  const inside = trace.eventsOf('flagWritten').filter(({ span }) => start <= span.start && span.end <= end);
  return inside.length > 0 && inside.every((write) => write.value === value);
}
