import { LineIndex } from '../python/positions.ts';
import type { Module, Span } from '../python/syntax.ts';
import type { ListedCode, Suppression, SuppressionUse } from '../suppressions.ts';
import type { Edit, Finding, Fix, Rule, SuppressionContext } from './rule.ts';

export const unusedSuppression: Rule = {
  code: 'FRZ901',
  name: 'unused-suppression',
  severity: 'warning',
  findsUnnecessary: true,
  summary: 'A comment silences a rule that finds nothing there.',
  documentation: {
    whatItDoes:
      'Reports `# freezelint: ignore[...]`, `# freezelint: ignore-file[...]` and `# noqa: FRZ...` comments, or the ' +
      'codes in them, that silence nothing: the rule finds nothing on the lines that the comment covers, or there is ' +
      'no such rule.',
    whyItMatters:
      'The comment outlives the bug it was written for. It then hides the next bug on that line, and tells readers ' +
      'of a problem that is not there.',
    example: `from torch import nn

layer = nn.Linear(4, 2)
layer.requires_grad_(False)  # freezelint: ignore[FRZ101] -- kept for the old API
`,
    useInstead: `from torch import nn

layer = nn.Linear(4, 2)
layer.requires_grad_(False)
`,
    whenNotToUse:
      'Where several versions of Freezelint check the same code, and a comment is for another one. ' +
      '`# freezelint: ignore[FRZ101, FRZ901]` keeps one comment.',
    knownProblems:
      'Says nothing in a file with a syntax error, where findings are withheld. A bare `# noqa` and the codes of ' +
      'other tools are never reported; a rule that is switched off counts as if it were on.',
    fixSafety:
      'Safe: the program does not change, and no finding appears. Codes that still silence something stay, and so does ' +
      'the reason with them.',
    references: ['https://docs.astral.sh/ruff/rules/unused-noqa/'],
  },

  *checkSuppressions({ module, uses, knownCodes }: SuppressionContext): Iterable<Finding> {
    for (const use of uses) {
      const { suppression } = use;
      const unused = unusedCodes(use);
      if (unused === null) {
        yield {
          message: `Nothing is found ${where(suppression)}, so this comment silences nothing.`,
          span: suppression.span,
          fixes: [removal(module, suppression, [])],
        };
      } else if (unused.length > 0) {
        const kept = (suppression.codes ?? []).filter((listed) => !unused.includes(listed));
        yield {
          message: complaint(suppression, unused, knownCodes),
          span: suppression.span,
          fixes: [removal(module, suppression, kept)],
        };
      } else if (suppression.codes?.length === 0) {
        yield {
          message: 'This comment names no rule, so it silences nothing.',
          span: suppression.span,
          fixes: [removal(module, suppression, [])],
        };
      }
    }
  },
};

/** The codes that silence nothing; null where that is the bare comment as a whole. */
function unusedCodes({ suppression, silenced }: SuppressionUse): readonly ListedCode[] | null {
  const { codes, form } = suppression;
  if (codes === null) return silenced.size === 0 && form === 'freezelint' ? null : [];
  return codes.filter(({ code }) => {
    // Other tools' codes are their business, and this rule's own code is what keeps a comment.
    const isOurs = form === 'freezelint' || /^FRZ\d/.test(code);
    return isOurs && code !== 'FRZ901' && !silenced.has(code);
  });
}

function where({ rows }: Suppression): string {
  if (rows === null) return 'in this file';
  return rows.first === rows.last ? 'on this line' : 'in this statement';
}

function complaint(
  suppression: Suppression,
  unused: readonly ListedCode[],
  knownCodes: ReadonlySet<string>,
): string {
  const unknown = unused.filter(({ code }) => !knownCodes.has(code));
  const idle = unused.filter(({ code }) => knownCodes.has(code));
  const sentences: string[] = [];
  if (idle.length > 0) {
    const verb = idle.length === 1 ? 'finds' : 'find';
    const object = idle.length === 1 ? 'it' : 'them';
    sentences.push(
      `${list(idle)} ${verb} nothing ${where(suppression)}, so there is no need to silence ${object}.`,
    );
  }
  if (unknown.length > 0) sentences.push(`There is no rule ${list(unknown, 'or')}.`);
  return sentences.join(' ');
}

function list(codes: readonly ListedCode[], conjunction = 'and'): string {
  const words = codes.map(({ code }) => code);
  const last = words.pop() ?? '';
  return words.length === 0 ? last : `${words.join(', ')} ${conjunction} ${last}`;
}

/** Takes everything out of a comment but the codes in `kept`; the whole comment where none are. */
function removal(module: Module, suppression: Suppression, kept: readonly ListedCode[]): Fix {
  const partly = kept.length > 0 && suppression.list !== null;
  return {
    message: partly ? 'Remove the codes that silence nothing' : 'Remove the comment that silences nothing',
    applicability: 'safe',
    edits: [
      partly
        ? { span: suppression.list ?? suppression.span, content: keptList(module, suppression, kept) }
        : withoutComment(module, suppression),
    ],
  };
}

function keptList(module: Module, { codes }: Suppression, kept: readonly ListedCode[]): string {
  const [first, second] = codes ?? [];
  const separator = first && second ? module.text.slice(first.span.end, second.span.start) : ', ';
  return kept.map(({ span }) => module.text.slice(span.start, span.end)).join(separator);
}

// The reason, up to the words for another tool.
const reason = /^\s*--[^#]*/;

/** Removes a comment with its reason, and the line where it stands alone, but leaves other tools' words. */
function withoutComment({ text }: Module, { span, comment }: Suppression): Edit {
  const before = text.slice(comment.start, span.start);
  const rest = text.slice(span.end, comment.end);
  const after = rest.slice(reason.exec(rest)?.[0].length ?? 0);
  if (after.trim() === '') return { span: trailing(text, span.start), content: '' };
  const end = comment.end - after.trimStart().length;
  // What follows is a comment of its own, or becomes one.
  const isComment = text[end] === '#' || before.trim() !== '';
  return { span: { start: span.start, end }, content: isComment ? '' : '# ' };
}

/** From a comment to the end of its line, with the blanks in front of it, or with its line if there is nothing else. */
function trailing(text: string, start: number): Span {
  const lines = new LineIndex(text);
  const { row } = lines.positionAt(start);
  const line = lines.lineSpan(row);
  const code = text.slice(line.start, start).trimEnd();
  if (code !== '') return { start: line.start + code.length, end: line.end };
  const next = row + 1 < lines.lineCount ? lines.lineSpan(row + 1).start : line.end;
  return { start: line.start, end: next };
}
