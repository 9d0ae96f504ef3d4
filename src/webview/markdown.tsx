import type { ComponentChildren } from 'preact';

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

/** Text with `code`, **strong** and *emphasis*. */
export function Inline({ text }: { text: string }) {
  const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/);
  const children = parts.map((part): ComponentChildren => {
    if (/^`.+`$/.test(part)) return <code>{part.slice(1, -1)}</code>;
    if (/^\*\*.+\*\*$/.test(part)) return <strong>{part.slice(2, -2)}</strong>;
    if (/^\*.+\*$/.test(part)) return <em>{part.slice(1, -1)}</em>;
    return part;
  });
  return <>{children}</>;
}

/** Blocks below each other. Code scrolls by itself and can be reached by keyboard for that. */
export function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return (
    <>
      {blocks.map((block) => {
        if (block.kind === 'paragraph') {
          return (
            <p>
              <Inline text={block.text} />
            </p>
          );
        }
        if (block.kind === 'list') {
          return (
            <ul>
              {block.entries.map((entry) => (
                <li>
                  <Inline text={entry} />
                </li>
              ))}
            </ul>
          );
        }
        return (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: wide code must be scrollable by keyboard
          <section class="code-block" tabIndex={0} aria-label="Code">
            <pre>
              <code>{block.text}</code>
            </pre>
          </section>
        );
      })}
    </>
  );
}

export function Markdown({ text }: { text: string }) {
  return <Blocks blocks={splitBlocks(text)} />;
}

/** A question: its first paragraph is the heading of the screen, what follows stands below it. */
export function Question({ text }: { text: string }) {
  const [first, ...rest] = splitBlocks(text);
  const heading = first?.kind === 'paragraph' ? first.text : 'Question';
  return (
    <div class="question">
      <h1 tabIndex={-1} data-focus="question">
        <Inline text={heading} />
      </h1>
      <Blocks blocks={first?.kind === 'paragraph' ? rest : splitBlocks(text)} />
    </div>
  );
}
