import type { LayerPutIn } from '../analysis/events.ts';
import { MAY_BE_FROZEN } from '../analysis/state/atoms.ts';
import type { Trace } from '../analysis/trace.ts';
import type { Call, ClassDefinition, Expression, Module, Span } from '../python/syntax.ts';
import { children, type SyntaxNode, walk } from '../python/walk.ts';
import { findArchitecture } from '../torch/torchvision.ts';
import { groupBySpan } from './fix-text.ts';
import type { Edit, Finding, Fix, Rule, RuleContext } from './rule.ts';
import { enclosing, isGuarded, statementAround, textOf } from './syntax-context.ts';

export const newHeadNeverUsed: Rule = {
  code: 'FRZ307',
  name: 'new-head-never-used',
  severity: 'error',
  summary: 'A new head is put on an attribute that forward() of this model does not use.',
  documentation: {
    whatItDoes:
      'Reports a new layer that is assigned to an attribute the model does not have, such as `classifier` on a ResNet or ' +
      '`fc` on a VGG, where nothing in the program calls it either.',
    whyItMatters:
      'PyTorch takes any attribute. The old head stays where it was and still computes the output; the new layer is ' +
      'registered, its parameters reach the optimizer, and not one input ever passes through it. Where the rest is frozen, ' +
      '`backward()` raises "element 0 of tensors does not require grad"; else the model keeps its old classes.',
    example: `from torch import nn
from torchvision import models

model = models.resnet18()
for param in model.parameters():
    param.requires_grad = False
model.classifier = nn.Linear(512, 10)
`,
    useInstead: `from torch import nn
from torchvision import models

model = models.resnet18()
for param in model.parameters():
    param.requires_grad = False
model.fc = nn.Linear(512, 10)
`,
    whenNotToUse: 'Where code in another file calls the new layer itself.',
    knownProblems:
      'Models that are not known from a torchvision factory or a class of the program stay silent. Where the rest of the ' +
      'model is not frozen, only the usual names of heads are reported, as a warning: other layers may be meant for later.',
    fixSafety:
      'Behavioural: the layer takes the place of the real head, with the number of inputs that the head has, and the model ' +
      'gives as many outputs as the new layer. For a class of the program it is a suggestion: its last layer may not be its head.',
    references: [
      'https://pytorch.org/tutorials/beginner/finetuning_torchvision_models_tutorial.html',
      'https://pytorch.org/docs/stable/generated/torch.nn.Module.html',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    for (const all of groupBySpan(trace.eventsOf('layerPutIn'), ({ span }) => span)) {
      const group = ofKnownModels(all);
      const [event] = group;
      const assigned = event ? assignmentAt(module, event) : null;
      if (!event || !assigned || !group.every(isOutsideForward)) continue;
      if (isUsedOtherwise(module, trace, assigned.target) || changesForward(module)) continue;
      if (isGuarded(module, event.span, assigned.target.object)) continue;
      const restIsFrozen = group.every(({ model }) => model.flags === MAY_BE_FROZEN);
      if (!restIsFrozen && !USUAL_HEADS.test(event.name)) continue;
      const { model } = event;
      const name = textOf(module, assigned.target);
      const kind = model.architecture ?? model.className;
      const head = model.head ? `, whose head is \`${model.head.path.join('.')}\`` : '';
      const effect = restIsFrozen
        ? 'all that is used is frozen, so nothing can train'
        : 'the output still comes from the old head';
      yield {
        message: `\`${name}\` is never used: forward() of ${kind}${head}, does not know the attribute, and ${effect}.`,
        span: assigned.target,
        severity: restIsFrozen ? 'error' : 'warning',
        fixes: fixesFor(module, group, assigned),
      };
    }
  },
};

/** What models of the common libraries call their last layer. */
const USUAL_HEADS =
  /^(?:_?fc\d?|classifiers?|heads?|last_linear|_?linear|fully_connected|output(?:_layer)?)$/;

/** Executions in which nothing at all is known of the model say nothing: a helper that was handed anything. */
function ofKnownModels(all: readonly LayerPutIn[]): readonly LayerPutIn[] {
  const known = new Set(all.filter(({ model }) => model.certain).map(({ execution }) => execution));
  return all.filter(({ execution }) => known.has(execution));
}

interface AssignedLayer {
  readonly target: Expression & { kind: 'attribute' };
  readonly layer: Call;
}

/** The assignment of a layer that has no other name. */
function assignmentAt(module: Module, { span }: LayerPutIn): AssignedLayer | null {
  const statement = statementAround(module, span);
  if (statement?.kind !== 'assignment' || statement.targets.length !== 1) return null;
  const [target] = statement.targets;
  return target?.kind === 'attribute' && statement.value.kind === 'call'
    ? { target, layer: statement.value }
    : null;
}

function isOutsideForward({ name, replaces, model }: LayerPutIn): boolean {
  if (replaces || !model.complete) return false;
  if (model.architecture !== null) {
    const architecture = findArchitecture(model.architecture);
    return architecture !== null && !architecture.usedByForward.includes(name);
  }
  const definitions = model.classes.map(({ definition }) => definition);
  return (
    definitions.some(({ body }) =>
      body.some((member) => member.kind === 'functionDefinition' && member.name === 'forward'),
    ) && definitions.every((definition) => !mayUse(definition, name))
  );
}

/** Ways to come by a submodule without writing its name. */
const INDIRECT =
  /^(?:children|modules|named_children|named_modules|_modules|getattr|__getattr__|get_submodule)$/;

/** Whether a class asks for the attribute, or goes through its children once it is made. */
function mayUse(definition: ClassDefinition, name: string): boolean {
  return [...walk(definition)].some((node) => {
    if (node.kind === 'attribute') return node.name === name || isIndirect(definition, node, node.name);
    if (node.kind === 'functionDefinition') return INDIRECT.test(node.name);
    return node.kind === 'name' && isIndirect(definition, node, node.id);
  });
}

/** The constructor, and what initialises weights. */
const INITIALISES = /init|reset_parameters/;

/** What the constructor goes through does not have the layer yet, and what initialises weights does not run it. */
const isIndirect = ({ body }: ClassDefinition, { start, end }: Span, name: string): boolean =>
  INDIRECT.test(name) &&
  !body.some(
    (member) =>
      member.kind === 'functionDefinition' &&
      INITIALISES.test(member.name) &&
      member.start <= start &&
      end <= member.end,
  );

/** What people ask of a layer without running it. */
const NOT_RUNNING =
  /^(?:(?:named_)?(?:parameters|children|modules)|requires_grad_?|weight|bias|train|eval|to|cuda|npu|half|float|apply|(?:load_)?state_dict|in_features|out_features|reset_parameters)$/;

/** Whether the program may run the layer itself, by its name or as one of the model's children. */
function isUsedOtherwise(module: Module, trace: Trace, target: AssignedLayer['target']): boolean {
  if (trace.readsAttribute('children') || trace.readsAttribute('_modules')) return true;
  const isOfAnotherClass = (object: Expression): boolean =>
    object.kind === 'name' &&
    object.id === 'self' &&
    !(target.object.kind === 'name' && target.object.id === 'self');
  return nodesOf(module).some((parent) =>
    [...children(parent)].some((node) => {
      if (node.kind !== 'attribute' || node.name !== target.name || isOfAnotherClass(node.object))
        return false;
      if (parent.kind === 'assignment') return !parent.targets.some((one) => one === node);
      if (parent.kind === 'attribute') return !NOT_RUNNING.test(parent.name);
      return !(parent.kind === 'call' && parent.callee.kind === 'name' && parent.callee.id === 'print');
    }),
  );
}

const nodesOf = (module: Module): readonly SyntaxNode[] =>
  module.body.flatMap((statement) => [...walk(statement)]);

/** Whether the program gives some object another `forward`. */
const changesForward = (module: Module): boolean =>
  nodesOf(module).some(
    (node) =>
      node.kind === 'assignment' &&
      node.targets.some((target) => target.kind === 'attribute' && target.name === 'forward'),
  );

/** Puts the layer where the head is, everywhere in the function, and gives it the inputs that the head has. */
function fixesFor(
  module: Module,
  group: readonly LayerPutIn[],
  { target, layer }: AssignedLayer,
): readonly Fix[] {
  const heads = new Set(group.map(({ model }) => JSON.stringify(model.head)));
  const [event] = group;
  const head = event?.model.head;
  if (!head || heads.size > 1) return [];
  const inputs = layer.args[0];
  if (layer.callee.kind !== 'attribute' && layer.callee.kind !== 'name') return [];
  if (!/(?:^|\.)Linear$/.test(textOf(module, layer.callee)) || !inputs) return [];
  const scope = enclosing(module, target).findLast(({ kind }) => kind === 'functionDefinition');
  const old = textOf(module, target);
  const path = head.path.map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`)).join('');
  const edits: Edit[] = (scope ? [...walk(scope)] : nodesOf(module)).flatMap((node) =>
    node.kind === 'attribute' && textOf(module, node) === old
      ? [{ span: { start: node.object.end, end: node.end }, content: path }]
      : [],
  );
  if (inputs.value.kind === 'number' && inputs.value.value !== head.inputs) {
    edits.push({ span: inputs.value, content: String(head.inputs) });
  }
  return [
    {
      message: `Replace the head \`${textOf(module, target.object)}${path}\` instead`,
      applicability: event.model.architecture === null ? 'suggestion' : 'behavioural',
      edits,
    },
  ];
}
