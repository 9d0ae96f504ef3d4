/** A block of the small Markdown that decks use: paragraphs, lists and fenced code. No HTML. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly entries: readonly string[] }
  | { readonly kind: 'code'; readonly text: string };

/** Cuts Markdown into blocks. Text in any other notation stays text. */
export function splitBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  const lines = markdown.replaceAll('\r\n', '\n').split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.trim() === '') continue;
    if (/^```/.test(line)) {
      const end = lines.findIndex((each, index) => index > at && /^```\s*$/.test(each));
      const until = end === -1 ? lines.length : end;
      blocks.push({ kind: 'code', text: lines.slice(at + 1, until).join('\n') });
      at = until;
      continue;
    }
    const start = at;
    while (at + 1 < lines.length && lines[at + 1]?.trim() !== '' && !/^```/.test(lines[at + 1] ?? '')) at++;
    const part = lines.slice(start, at + 1);
    if (/^[-*] /.test(line)) {
      const entries: string[] = [];
      for (const each of part) {
        if (/^[-*] /.test(each)) entries.push(each.slice(2));
        else entries.push(`${entries.pop() ?? ''} ${each.trim()}`);
      }
      blocks.push({ kind: 'list', entries });
    } else blocks.push({ kind: 'paragraph', text: part.map((each) => each.trim()).join(' ') });
  }
  return blocks;
}
