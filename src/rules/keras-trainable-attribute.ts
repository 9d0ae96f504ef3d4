import type { AttributeAssigned } from '../analysis/events.ts';
import { constant } from '../analysis/state/values.ts';
import type { Module } from '../python/syntax.ts';
import { walk } from '../python/walk.ts';
import { frameworksOf } from '../torch/frameworks.ts';
import { groupBySpan } from './fix-text.ts';
import { type Agreement, agreedReceiver, isSetBefore, mayBeBoolean, whatStays } from './receivers.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import {
  type AssignedCode,
  argumentText,
  assignedCode,
  isGuarded,
  quoted,
  receiverText,
} from './syntax-context.ts';

export const kerasTrainableAttribute: Rule = {
  code: 'FRZ106',
  name: 'keras-trainable-attribute',
  severity: 'error',
  summary: '`layer.trainable = False` is Keras; PyTorch stores the attribute and never reads it.',
  documentation: {
    whatItDoes:
      "Reports Keras' `trainable` and Paddle's `stop_gradient` set on a Parameter, or on a Module whose class is known.",
    whyItMatters:
      'Python accepts the attribute, PyTorch never asks for it: nothing is said, and every parameter trains on.',
    example: `from torchvision import models

model = models.resnet18()
for param in model.parameters():
    param.trainable = False
model.fc.trainable = True
`,
    useInstead: `from torchvision import models

model = models.resnet18()
for param in model.parameters():
    param.requires_grad = False
model.fc.requires_grad_(True)
`,
    whenNotToUse: 'Where code in another file gives the attribute a meaning of its own.',
    knownProblems:
      'Silent in files that import Keras, TensorFlow, Paddle or another framework, in files that read the attribute or ' +
      'define it, on `self`, and on modules of classes out of sight. Keys of param groups, as in ' +
      '`{"params": ..., "trainable": False}`, are not looked at.',
    fixSafety:
      'Behavioural: with the flag of PyTorch the freeze takes place, so other parameters train than before.',
    references: [
      'https://keras.io/guides/transfer_learning/',
      'https://pytorch.org/docs/stable/notes/autograd.html#setting-requires-grad',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    const assigned = trace.eventsOf('attributeAssigned').filter(({ attribute }) => FOREIGN.has(attribute));
    if (assigned.length === 0 || !usesTorchAlone(module)) return;
    for (const executions of groupBySpan(assigned, ({ target, span }) => target ?? span)) {
      const [first] = executions;
      const code = first.target ? assignedCode(module, first) : null;
      if (!code || isAsked(module, first.attribute) || isGuarded(module, first.span, code.object)) continue;
      if (!executions.every((event) => mayBeBoolean(event) && !event.onSelf)) continue;
      const agreed = agreedReceiver(trace, executions);
      if (agreed?.kind === 'parameter' || (agreed?.kind === 'module' && agreed.events.every(isInSight))) {
        yield report(module, agreed, code);
      }
    }
  },
};

/** The attributes, with the framework that reads each. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ['trainable', 'Keras'],
  ['stop_gradient', 'Paddle'],
]);

/** A class out of sight may read the attribute. */
const isInSight = ({ receiver }: AttributeAssigned): boolean => receiver.certain && receiver.complete;

/** Whether PyTorch is imported, and no other framework, whose own objects have such attributes. */
function usesTorchAlone(module: Module): boolean {
  const { torch, other } = frameworksOf(module);
  return torch && !other;
}

/** Whether the file reads an attribute of this name, names it in a string, or defines it. */
function isAsked(module: Module, name: string): boolean {
  const targets = new Set<unknown>();
  for (const statement of module.body) {
    for (const node of walk(statement)) {
      if (node.kind === 'assignment') for (const target of node.targets) targets.add(target);
      if (node.kind === 'attribute' && node.name === name && !targets.has(node)) return true;
      if (node.kind === 'string' && node.value === name) return true;
      if (node.kind === 'functionDefinition' && node.name === name) return true;
    }
  }
  return false;
}

function report(module: Module, { kind, events }: Agreement<AttributeAssigned>, code: AssignedCode): Finding {
  const [first] = events as readonly [AttributeAssigned];
  const object = quoted(module, code.object);
  const meant = events.map(({ receiver, attribute, value }) => ({
    receiver,
    value:
      attribute === 'stop_gradient' && value.kind === 'constant' && typeof value.value === 'boolean'
        ? constant(!value.value)
        : value,
  }));
  const instead =
    kind === 'module' ? `call \`${object}.requires_grad_(...)\`` : `the attribute is \`requires_grad\``;
  const fix = repair(module, first, kind, code);
  return {
    span: first.target ?? first.span,
    severity: meant.every(isSetBefore) ? 'information' : 'error',
    message: `\`${first.attribute}\` is an attribute of ${FOREIGN.get(first.attribute)}, which PyTorch never reads, so ${whatStays(kind, meant, object)}; ${instead}.`,
    fixes: fix ? [fix] : [],
  };
}

function repair(
  module: Module,
  { attribute, target }: AttributeAssigned,
  kind: Agreement<unknown>['kind'],
  { object, value, whole }: AssignedCode,
): Fix | null {
  if (attribute === 'stop_gradient' && value.kind !== 'boolean') return null;
  const wanted =
    attribute === 'stop_gradient' && value.kind === 'boolean'
      ? value.value
        ? 'False'
        : 'True'
      : argumentText(module, value);
  if (kind === 'module') {
    if (!whole) return null;
    const content = `${receiverText(module, object)}.requires_grad_(${wanted})`;
    return {
      message: 'Call requires_grad_()',
      applicability: 'behavioural',
      edits: [{ span: whole, content }],
    };
  }
  if (!target || (attribute === 'stop_gradient' && !whole)) return null;
  const rename = { span: target.nameSpan, content: 'requires_grad' };
  return {
    message: 'Set requires_grad',
    applicability: 'behavioural',
    edits: attribute === 'stop_gradient' ? [rename, { span: value, content: wanted }] : [rename],
  };
}
