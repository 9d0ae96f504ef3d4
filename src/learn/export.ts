import type { Deck, Item } from './deck.ts';
import type { LoadedProgress, Progress } from './progress.ts';
import { loadProgress } from './progress.ts';
import { keyOfPlace } from './review.ts';

/** Progress as a file: the stored data itself, readable by people. */
export function exportProgress(progress: Progress): string {
  return `${JSON.stringify(progress, null, 2)}\n`;
}

/** An exported file read back, by the rules of stored data: what is whole is taken, and the rest named. */
export function readExport(text: string): LoadedProgress {
  try {
    const data: unknown = JSON.parse(text);
    return loadProgress(data ?? []);
  } catch {
    return loadProgress([]);
  }
}

/**
 * All items as notes for Anki: one line each with id, front, back, tags. The id is the same in each export, so that
 * importing again updates the notes. The lines at the top tell Anki how to read the rest (Anki 2.1.54 and later).
 */
export function exportAnki(decks: readonly Deck[]): string {
  const lines = ['#separator:tab', '#html:true', '#guid column:1', '#tags column:4'];
  for (const deck of decks) {
    for (const item of deck.items) {
      const tags = ['freezelint', deck.id, item.level, ...(item.rules ?? [])].join(' ');
      const { front, back } = sidesOf(item);
      lines.push(
        [`freezelint/${keyOfPlace({ deck: deck.id, item: item.id })}`, front, back, tags].join('\t'),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function sidesOf(item: Item): { readonly front: string; readonly back: string } {
  switch (item.kind) {
    case 'card':
      return { front: htmlOf(item.front), back: htmlOf(item.back) };
    case 'choice': {
      const options = item.options.map(({ text }) => `<li>${htmlOf(text)}</li>`).join('');
      const reasons = item.options.map(
        ({ text, why, correct }) =>
          `<li>${correct === true ? '✓ ' : ''}${htmlOf(text)}<br>${htmlOf(why)}</li>`,
      );
      return {
        front: `${htmlOf(item.prompt)}<ol type="A">${options}</ol>`,
        back: `<ol type="A">${reasons.join('')}</ol>`,
      };
    }
    case 'explain': {
      const concepts = item.concepts.map(({ text }) => `<li>${htmlOf(text)}</li>`).join('');
      return { front: htmlOf(item.prompt), back: `<ul>${concepts}</ul>` };
    }
  }
}

/** Markdown as HTML on one line without tabs. Only code is drawn; the rest of the notation stays as it is typed. */
function htmlOf(markdown: string): string {
  const escaped = markdown
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '    ')
    .replaceAll('\r\n', '\n');
  return escaped
    .replace(
      /^```.*\n([\s\S]*?)^```\s*$/gm,
      (_, code: string) => `<pre>${code.trimEnd().replaceAll('\n', '<br>')}</pre>`,
    )
    .replace(/`([^`\n]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*\n]+)\*\*/g, '<b>$1</b>')
    .replaceAll('\n', '<br>');
}
