import type { Trace } from '../analysis/trace.ts';
import type { FlagsFlattened, WrapperIsStale } from '../analysis/training-events.ts';
import { LineIndex } from '../python/positions.ts';
import type { Call, Module } from '../python/syntax.ts';
import { blockOf, groupBySpan, insertBefore, removeStatement, sweepAround } from './fix-text.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { enclosing, quoted, sameSpan, statementAround, textOf } from './syntax-context.ts';

export const requiresGradChangedAfterWrap: Rule = {
  code: 'FRZ604',
  name: 'requires-grad-changed-after-wrap',
  severity: 'error',
  summary:
    'Flags change after DistributedDataParallel or torch.compile took note of them, or differ where FSDP needs them alike.',
  documentation: {
    whatItDoes:
      'Reports writes of `requires_grad` on a model that DistributedDataParallel already holds (an error), and an unfreeze ' +
      'after the first forward pass of a model from `torch.compile` (a warning), where the wrapper then runs. Also reports ' +
      'FullyShardedDataParallel around a model that is frozen in part, without `use_orig_params=True` (a warning).',
    whyItMatters:
      'DistributedDataParallel lists the parameters with a gradient when it is built. What is unfrozen later trains, but its ' +
      'gradients are not averaged: in two processes the replicas drifted apart without any message. What is frozen later is ' +
      'waited for, and the second iteration raises `Expected to have finished reduction`. A compiled graph is not ' +
      'guarded by the flags of parameters, so what is unfrozen later gets no gradient (pytorch#139476; not measured here). ' +
      'FullyShardedDataParallel flattens parameters into one, and raises `Must flatten tensors with uniform requires_grad` ' +
      'where their flags differ (pytorch#104690; not measured here).',
    example: `import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torchvision import models


def train(batches):
    model = models.resnet18(num_classes=3)
    model = DistributedDataParallel(model)
    for param in model.module.layer1.parameters():
        param.requires_grad = False
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for images, labels in batches:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()
`,
    useInstead: `import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torchvision import models


def train(batches):
    model = models.resnet18(num_classes=3)
    for param in model.layer1.parameters():
        param.requires_grad = False
    model = DistributedDataParallel(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for images, labels in batches:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()
`,
    whenNotToUse: 'Where the wrapper is built anew by code that the linter does not see.',
    knownProblems:
      'Freezing everything after the wrap and thawing it again, as GANs do, works and is not reported; nor is freezing with ' +
      'find_unused_parameters. Of FullyShardedDataParallel only the wrap itself is looked at.',
    fixSafety:
      'A suggestion: it moves the change above the wrap. Later changes in training need a new wrapper instead.',
    references: [
      'https://pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html',
      'https://github.com/pytorch/pytorch/issues/139476',
      'https://github.com/pytorch/pytorch/issues/104690',
    ],
  },

  *check({ module, trace }: RuleContext): Iterable<Finding> {
    for (const group of groupBySpan(trace.eventsOf('flagsFlattened'), ({ call }) => call)) {
      yield flattened(module, trace, group);
    }
    if (trace.eventsOf('backward').length === 0 && trace.eventsOf('step').length === 0) return;
    for (const group of groupBySpan(trace.eventsOf('wrapperIsStale'), ({ changed }) => changed)) {
      const [first] = group;
      const { wrapper, changed, noted } = first;
      const isCompiled = wrapper === 'compile';
      yield {
        message: messageOf(first),
        span: changed,
        ...(isCompiled ? { severity: 'warning' as const } : {}),
        related: [{ message: isCompiled ? 'compiled at this forward pass' : 'wrapped here', span: noted }],
        fixes: isCompiled ? [] : aboveTheWrap(module, first),
      };
    }
  },
};

/** One FullyShardedDataParallel, however often it is built. */
function flattened(
  module: Module,
  trace: Trace,
  [{ call, frozen, trainable }]: readonly [FlagsFlattened, ...unknown[]],
): Finding {
  const isExact = trace.areCountable([...frozen, ...trainable]);
  const mixed = isExact
    ? `${frozen.length} of its ${frozen.length + trainable.length} parameters are frozen`
    : 'some of its parameters are frozen and some are not';
  return {
    message: `FullyShardedDataParallel makes one parameter of \`${quoted(module, call.args[0]?.value ?? call)}\`, which is frozen or trainable as a whole, but ${mixed}: this raises a ValueError. Keep them apart by \`use_orig_params=True\` or an \`auto_wrap_policy\`.`,
    span: call,
    severity: 'warning',
    fixes: keptApart(call),
  };
}

function keptApart(call: Call): readonly Fix[] {
  const given = call.args.find(({ name }) => name === 'use_orig_params');
  const last = call.args.at(-1);
  if (!last) return [];
  const edit = given
    ? { span: given.value, content: 'True' }
    : { span: { start: last.value.end, end: last.value.end }, content: ', use_orig_params=True' };
  return [{ message: 'Keep the original parameters', applicability: 'suggestion', edits: [edit] }];
}

function messageOf({ wrapper, value }: WrapperIsStale): string {
  if (wrapper === 'compile') {
    return 'The compiled graph does not see this unfreeze: the parameters get no gradient. Unfreeze before the first forward pass, or compile again.';
  }
  const outcome = value
    ? 'gradients of what is unfrozen now are not averaged, and the replicas drift apart'
    : 'it waits for gradients that no longer come, and the second iteration raises a RuntimeError';
  return `DistributedDataParallel took note of requires_grad when it was built: ${outcome}. Change it before the wrap.`;
}

/** Moves the change, or the loop around it, above the wrap where both stand in one block. */
function aboveTheWrap(module: Module, { changed, noted }: WrapperIsStale): readonly Fix[] {
  const wrap = statementAround(module, noted);
  const sweep = sweepAround(module, changed);
  if (wrap?.kind !== 'assignment' || !sweep || !blockOf(module, wrap).includes(sweep)) return [];
  const call = enclosing(module, noted).findLast((node) => sameSpan(node, noted));
  const [target, ...others] = wrap.targets;
  const inner = call?.kind === 'call' ? call.args[0]?.value : undefined;
  if (!target || others.length > 0 || !inner || !sameSpan(wrap.value, noted)) return [];
  const wrapperName = textOf(module, target);
  const text = textOf(module, sweep).replaceAll(`${wrapperName}.module.`, `${textOf(module, inner)}.`);
  const indentation = new LineIndex(module.text).indentationAt(sweep.start);
  const lines = text
    .split('\n')
    .map((line, index) =>
      index > 0 && line.startsWith(indentation) ? line.slice(indentation.length) : line,
    );
  const removed = removeStatement(module, sweep);
  const added = insertBefore(module, wrap, lines);
  if (!removed || !added) return [];
  return [{ message: 'Move it above the wrap', applicability: 'suggestion', edits: [added, removed] }];
}
