import type { Receiver, TraceEvent } from '../analysis/events.ts';
import { exhaustionInWords } from '../analysis/running/budgets.ts';
import type { Trace } from '../analysis/trace.ts';
import type { Span } from '../python/syntax.ts';
import { placeName } from './places.ts';
import { placeOf, type TracedFile } from './traced-file.ts';

const maximumSourceLength = 70;

/**
 * The events of a trace in order, one a line: `12:5 flagWritten: freezes 2 parameters: p.requires_grad = False`. Then
 * the budgets of the analysis that ran out.
 */
export function eventLines(traced: TracedFile): string {
  const { trace } = traced;
  const line = (span: Span, kind: string, words: string): string => {
    const { filename, ...location } = placeOf(traced, span);
    const source = trace.sourceOf(span).replace(/\s+/g, ' ');
    const shown =
      source.length > maximumSourceLength ? `${source.slice(0, maximumSourceLength - 1)}…` : source;
    return `${placeName(filename, location)} ${kind}: ${words}: ${shown}\n`;
  };
  return [
    ...trace.events.map((event) => line(spanOf(event), event.kind, inWords(event, trace))),
    ...trace.exhaustions.map((one) => line(one.at, 'budget', exhaustionInWords(one))),
  ].join('');
}

/** The piece of source that an event is about. */
function spanOf(event: TraceEvent): Span {
  if ('span' in event) return event.span;
  const nodes: readonly unknown[] = Object.values(event);
  const isSpan = (value: unknown): value is Span =>
    typeof value === 'object' && value !== null && 'start' in value && 'end' in value;
  return nodes.find(isSpan) ?? { start: 0, end: 0 };
}

function inWords(event: TraceEvent, trace: Trace): string {
  const count = (atoms: readonly number[]): string => {
    if (!trace.areCountable(atoms)) return 'parameters of an unknown model';
    return `${atoms.length} parameter${atoms.length === 1 ? '' : 's'}`;
  };
  switch (event.kind) {
    case 'attributeAssigned':
      return `sets .${event.attribute} on ${inWordsReceiver(event.receiver)}`;
    case 'flagWritten': {
      const effect =
        event.value === null
          ? 'freezes or unfreezes'
          : event.certain
            ? event.value
              ? 'makes trainable'
              : 'freezes'
            : event.value
              ? 'may make trainable'
              : 'may freeze';
      return `${effect} ${count(event.atoms)}`;
    }
    case 'escaped':
      return `code out of sight gets hold of ${count(event.atoms)}`;
    case 'optimizerBuilt':
      return `${event.className} takes ${event.complete ? '' : 'at least '}${count(event.must)}`;
    case 'iteratorReused':
      return `takes items of a ${event.source} iterator that is used up`;
    case 'step':
      return 'an optimizer steps';
    case 'backward':
      return 'gradients are computed';
    case 'forward':
      return 'a model runs';
    case 'fit':
      return 'a trainer trains';
    default: {
      const words = event.kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      const receiver = 'receiver' in event && event.receiver ? inWordsReceiver(event.receiver) : null;
      return receiver === null ? words : `${words} on ${receiver}`;
    }
  }
}

function inWordsReceiver({ what, certain, className }: Receiver): string {
  const name = className === '' ? what : `${what} ${className}`;
  return certain ? `a ${name}` : `what may be a ${name}`;
}
