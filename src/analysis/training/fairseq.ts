/**
 * Models that fairseq trains. Its trainer builds the optimizer once, over what is trainable before the first forward,
 * and never hears of a later unfreeze (fairseq's source, trainer.py, `Trainer._build_optimizer`).
 */
import type { FunctionDefinition, Span } from '../../python/syntax.ts';
import { ancestry } from '../calls/python-classes.ts';
import type { FlagWritten } from '../events.ts';
import type { Interpreter } from '../interpreter.ts';
import { isImported } from '../program.ts';
import type { ClassInfo } from '../state/values.ts';

/** fairseq's own base classes, by their names in `fairseq.models`. */
const BASES =
  /^(?:BaseFairseqModel|Fairseq(?:\w+)?Model|Fairseq(?:Incremental)?(?:Encoder|Decoder)|CompositeEncoder)$/;

/** Unfreezes in forward(): whatever was frozen until then, the optimizer does not hold. */
export function unfrozenByForward(run: Interpreter): readonly Span[] {
  const found: Span[] = [];
  const writes = run.events.filter((event): event is FlagWritten => event.kind === 'flagWritten');
  for (const info of run.classes) {
    if (isImported(info.definition) || !isFairseqClass(run, info)) continue;
    const methods = info.definition.body.filter((statement) => statement.kind === 'functionDefinition');
    const forward = methods.find(({ name }) => name === 'forward');
    if (forward === undefined) continue;
    const freezing = methods.filter((method) =>
      writes.some(({ span, value, certain }) => isIn(method, span) && !(value === true && certain)),
    );
    // What another method freezes, for a while maybe, was in the optimizer from the start.
    if (freezing.length !== 1 || freezing[0]?.name !== '__init__') continue;
    for (const { span } of writes) if (isIn(forward, span)) found.push(span);
  }
  return found;
}

const isIn = (method: FunctionDefinition, span: Span): boolean =>
  method.start <= span.start && span.end <= method.end;

function isFairseqClass(run: Interpreter, info: ClassInfo): boolean {
  return [...ancestry(info)].some((ancestor) => {
    if (typeof ancestor === 'string') {
      const [, name] = /^fairseq\.models\.(?:\w+\.)*(\w+)$/.exec(ancestor) ?? [];
      return name !== undefined && BASES.test(name);
    }
    const file = run.program.fileAt(ancestor.definition.start);
    return file !== null && /\/fairseq\/models\//.test(file.path) && BASES.test(ancestor.name);
  });
}
