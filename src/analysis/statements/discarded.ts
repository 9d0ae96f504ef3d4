/** Expression statements: what they compute is thrown away, which is a mistake where it only looks like a freeze. */
import type { Attribute, Comparison, Expression } from '../../python/syntax.ts';
import { sequenceOf } from '../builtins/sequences.ts';
import { invoke } from '../calls/functions.ts';
import type { TraceEvent } from '../events.ts';
import { getAttribute } from '../expressions/attributes.ts';
import type { Interpreter } from '../interpreter.ts';
import { plantUnknown } from '../modules/module-objects.ts';
import { describeReceiver } from '../observations/receivers.ts';
import type { IteratorObject } from '../state/heap.ts';
import { UNKNOWN, UNKNOWN_ARGUMENTS, type Value } from '../state/values.ts';

/** Runs an expression whose value nobody gets. */
export function discard(run: Interpreter, expression: Expression): void {
  if (isFlagComparison(expression)) {
    compareFlag(run, expression, expression.left);
    return;
  }
  const value = run.evaluate(expression);
  if (run.dead) return;
  for (const option of value.kind === 'union' ? value.options : [value])
    noteDiscarded(run, expression, option);
}

const isFlagComparison = (node: Expression): node is Comparison & { readonly left: Attribute } =>
  node.kind === 'comparison' && node.left.kind === 'attribute' && /^requires_grad_?$/.test(node.left.name);

/** `p.requires_grad == False` as a statement. */
function compareFlag(run: Interpreter, comparison: Comparison, attribute: Attribute): void {
  const object = run.evaluate(attribute.object);
  run.each(object, (option) => getAttribute(run, option, attribute.name, attribute));
  const [value = UNKNOWN, ...more] = comparison.rest.map(({ right }) => run.evaluate(right));
  if (more.length > 0) return;
  for (const option of object.kind === 'union' ? object.options : [object]) {
    const receiver = describeReceiver(run, option, attribute.name);
    run.emit({ kind: 'flagCompared', comparison, attribute, receiver, value });
  }
}

function noteDiscarded(run: Interpreter, expression: Expression, value: Value): void {
  switch (value.kind) {
    case 'method':
      if (expression.kind !== 'attribute') return;
      run.emit({
        kind: 'callForgotten',
        expression,
        receiver: describeReceiver(run, value.receiver, value.name),
        definition: null,
        setsFlags: value.name === 'requires_grad_',
      });
      return;
    case 'function': {
      if (expression.kind !== 'attribute' && expression.kind !== 'name') return;
      const { definition } = value;
      const receiver = value.self && describeReceiver(run, value.self, '');
      const setsFlags = rehearse(run, () => void invoke(run, value, UNKNOWN_ARGUMENTS, definition)).some(
        setsFlag,
      );
      run.emit({ kind: 'callForgotten', expression, receiver, definition, setsFlags });
      return;
    }
    case 'reference': {
      const object = run.object(value);
      if (object?.kind !== 'iterator' || object.used !== 'no') return;
      // Made elsewhere, it may be used up elsewhere.
      if (object.built.start !== expression.start || object.built.end !== expression.end) return;
      const missed = rehearse(run, () => takeItems(run, value, object, expression));
      const definition = object.source.kind === 'generator' ? object.source.callee.definition : null;
      run.emit({ kind: 'iteratorDropped', expression, definition, setsFlags: missed.some(setsFlag) });
    }
  }
}

/** Takes all items of an iterator; where it goes over something unknown, as if that had an item. */
function takeItems(run: Interpreter, value: Value, { source }: IteratorObject, at: Expression): void {
  const { complete } = sequenceOf(run, value, at, 'full');
  const callee = source.kind === 'map' ? source.mapping : source.kind === 'filter' ? source.predicate : null;
  if (complete || !callee) return;
  const items = source.kind === 'map' ? source.inner : [value];
  const positional = items.map((_, index) => plantUnknown(run, run.identity(at, `:item${index}`)));
  run.call(callee, { ...UNKNOWN_ARGUMENTS, positional }, at);
}

/** Whether something sets a flag, also that of an object the analysis knows nothing of. */
const setsFlag = (event: TraceEvent): boolean =>
  event.kind === 'flagWritten' ||
  event.kind === 'flagMethodRead' ||
  (event.kind === 'attributeAssigned' && event.attribute === 'requires_grad');

/** What would happen if something ran that the program does not run here; nothing of it stays. */
function rehearse(run: Interpreter, action: () => void): readonly TraceEvent[] {
  const restore = run.checkpoint();
  const sets: readonly Set<unknown>[] = [run.called, run.escaped, run.forwarded];
  const before = sets.map((set) => new Set(set));
  const from = run.events.length;
  try {
    action();
    return run.events.slice(from);
  } finally {
    restore();
    for (const [index, set] of sets.entries()) {
      for (const member of set) if (!before[index]?.has(member)) set.delete(member);
    }
  }
}
