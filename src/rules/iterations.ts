/** What the rules about misused `parameters()`, `named_parameters()` and their sisters share. */
import type { Refused } from '../analysis/events.ts';
import type { Trace } from '../analysis/trace.ts';
import type { Attribute, Call, Expression, Module, Span } from '../python/syntax.ts';
import { dottedName } from '../python/walk.ts';
import { functionAround } from './fix-text.ts';
import type { Edit, Fix } from './rule.ts';
import {
  argumentText,
  callAt,
  enclosing,
  isExpected,
  isGuarded,
  plainAssignment,
  quoted,
  receiverText,
  sameSpan,
} from './syntax-context.ts';

/**
 * The uses of one kind that certainly raise: of a certain Module, whose class does not define the method itself, in a
 * program that nowhere sets an attribute of that name and does not expect the exception.
 */
export function certainRefusals(module: Module, trace: Trace, what: Refused['what']): readonly Refused[] {
  return trace
    .eventsOf('refused')
    .filter(
      (event) =>
        event.what === what &&
        event.receiver.certain &&
        !event.receiver.ownAttribute &&
        !trace.setsAttribute(event.method) &&
        !isExpected(module, event.span, errorOf(event)) &&
        !isGuarded(module, event.span, event.at?.kind === 'attribute' ? event.at.object : null),
    );
}

/** The exception that a use raises. */
export const errorOf = ({ what, use, method }: Refused): string => {
  if (use === 'attribute') return 'AttributeError';
  return what === 'item' && method === 'parameters' ? 'ValueError' : 'TypeError';
};

/** `model.parameters`, at exactly this place or called there; null where the code is another. */
export function methodAt(module: Module, made: Span): Attribute | null {
  const node = expressionAt(module, made);
  const attribute = node?.kind === 'call' ? node.callee : node;
  return attribute?.kind === 'attribute' ? attribute : null;
}

/** The expression of exactly this span. */
export function expressionAt(module: Module, span: Span): Expression | null {
  const node = enclosing(module, span).findLast((one) => sameSpan(one, span));
  return node ? (node as Expression) : null;
}

/** Whether the fix can go to where the method is called: that is inside of the use, or in the same function. */
export function isMadeNearby(module: Module, { made, span }: Refused): boolean {
  if (span.start <= made.start && made.end <= span.end) return true;
  return functionAround(module, made.start) === functionAround(module, span.start);
}

/** Puts `before` and `after` around a place. */
export const around = ({ start, end }: Span, before: string, after: string): readonly Edit[] => [
  { span: { start, end: start }, content: before },
  { span: { start: end, end }, content: after },
];

/**
 * The fix of `model.parameters().requires_grad = value` and of `model.parameters().requires_grad_(value)`: the method
 * of the Module, which does that. Null for other attributes, and where the Module has no name.
 */
export function setOnModule(module: Module, event: Refused): Fix | null {
  const method = methodAt(module, event.made);
  if (!method || !isMadeNearby(module, event)) return null;
  const owner = receiverText(module, method.object);
  // What is called once more must not do more than give the module.
  const isInside = event.span.start <= event.made.start && event.made.end <= event.span.end;
  if (!isInside && dottedName(method.object) === null) return null;
  const { at } = event;
  const message = `Call requires_grad_() on ${quoted(module, method.object)}`;
  if (at?.kind === 'attribute' && at.name === 'requires_grad_') {
    const edits: readonly Edit[] = [{ span: at.object, content: owner }];
    return { message, applicability: 'safe', edits };
  }
  const assigned = at ? assignment(module, at) : setattr(callAt(module, event.span));
  if (!assigned) return null;
  const content = `${owner}.requires_grad_(${argumentText(module, assigned.value)})`;
  return { message, applicability: 'safe', edits: [{ span: assigned.whole, content }] };
}

interface Assigned {
  readonly whole: Span;
  readonly value: Expression;
}

function assignment(module: Module, at: Expression): Assigned | null {
  const whole = at.kind === 'attribute' && at.name === 'requires_grad' ? plainAssignment(module, at) : null;
  return whole && { whole, value: whole.value };
}

function setattr(whole: Call | null): Assigned | null {
  const [, name, value] = whole?.args ?? [];
  const isFlag = name?.value.kind === 'string' && name.value.value === 'requires_grad';
  return whole && value && isFlag ? { whole, value: value.value } : null;
}
