import { pathToFileURL } from 'node:url';
import { english, type Wording } from '../editor/wording.ts';
import { LineIndex } from '../python/positions.ts';
import type { Span } from '../python/syntax.ts';
import type { Lint } from './live-lint.ts';
import type { Source } from './source.ts';
import { pathOf } from './uris.ts';

/** English words; links lead to a line of a file, where the client shows Markdown and the place is in a file. */
export function wordingFor({ source, program }: Lint, takesMarkdown: boolean): Wording {
  const placeOf = (span: Span): Place => {
    const imported = program.locate(span);
    if (!imported) return placeIn(source, span);
    const { path, text } = imported.file;
    const line = new LineIndex(text).positionAt(imported.span.start).row + 1;
    return { path, line, within: path.slice(path.lastIndexOf('/') + 1) };
  };
  return {
    ...english,
    link: (text, span) => {
      const { path, line } = placeOf(span);
      return path === null || !takesMarkdown ? text : `[${text}](${pathToFileURL(path).href}#L${line})`;
    },
    nameOfLine: (span) => {
      const { line, within } = placeOf(span);
      return within === null ? `line ${line}` : `line ${line} of ${within}`;
    },
  };
}

interface Place {
  /** Null where no file has such a line: in a notebook, or an unsaved text. */
  readonly path: string | null;
  /** Counted from 1. */
  readonly line: number;
  /** What has this line, where that is not plain. */
  readonly within: string | null;
}

function placeIn(source: Source, span: Span): Place {
  const location = source.locationOf(span);
  const line = (location?.range.start.line ?? 0) + 1;
  if (typeof source.code === 'string') return { path: pathOf(source.uri), line, within: null };
  const number = source.code.placeOf(span)?.cell.number;
  return { path: null, line, within: `cell ${number}` };
}
