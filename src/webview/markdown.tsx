import type { ComponentChildren } from 'preact';
import { type Block, splitBlocks } from './blocks.ts';
import { CodeBlock } from './parts.tsx';

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

/** Blocks below each other. */
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
          <CodeBlock label="Code">
            <code>{block.text}</code>
          </CodeBlock>
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

/** The first paragraph of a text, which says in short what it is about. */
export function firstParagraph(markdown: string): string {
  const first = splitBlocks(markdown)[0];
  return first?.kind === 'paragraph' ? first.text : '';
}
