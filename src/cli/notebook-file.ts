import { type Node, parseTree } from 'jsonc-parser';
import * as v from 'valibot';
import { UnreadableSource } from '../node/source-file.ts';
import { type NotebookCell, NotebookText } from '../python/notebook-text.ts';

const sourceText = v.union([
  v.string(),
  v.pipe(
    v.array(v.string()),
    v.transform((lines) => lines.join('')),
  ),
]);

const notebook = v.object({
  nbformat: v.number(),
  metadata: v.optional(
    v.object({
      kernelspec: v.optional(v.object({ language: v.optional(v.string()) })),
      language_info: v.optional(v.object({ name: v.optional(v.string()) })),
    }),
  ),
  cells: v.optional(v.array(v.object({ cell_type: v.string(), source: sourceText }))),
});

/** A Jupyter notebook (nbformat 4) as JSON text. */
export class NotebookFile {
  /** The code cells. */
  readonly source: NotebookText;
  readonly #json: string;

  private constructor(json: string, cells: readonly NotebookCell[]) {
    this.#json = json;
    this.source = new NotebookText(cells);
  }

  /** Null where the kernel is not Python. Throws UnreadableSource where the text is no notebook. */
  static read(json: string): NotebookFile | null {
    let content: unknown;
    try {
      content = JSON.parse(json);
    } catch {
      throw new UnreadableSource('no notebook (it is not JSON)');
    }
    const parsed = v.safeParse(notebook, content);
    if (!parsed.success) throw new UnreadableSource('no notebook (its JSON has another form)');
    const { nbformat, metadata, cells } = parsed.output;
    if (nbformat < 4 || cells === undefined) {
      throw new UnreadableSource(`a notebook of format ${nbformat}; Jupyter converts it to format 4`);
    }
    const language = metadata?.language_info?.name ?? metadata?.kernelspec?.language ?? 'python';
    if (!/^(?:i?python|xpython)/i.test(language)) return null;
    return new NotebookFile(
      json,
      cells
        .map(({ cell_type, source }, index) => ({ type: cell_type, text: source, number: index + 1 }))
        .filter(({ type }) => type === 'code')
        .map(({ text, number }) => ({ text, number })),
    );
  }

  /** The notebook's JSON with changed code. Everything but the changed lines stays as it was, byte by byte. */
  textWith(changed: NotebookText): string {
    const nodes = child(parseTree(this.#json), 'cells')?.children ?? [];
    let json = this.#json;
    // From the last to the first, so that the offsets of the others stay true.
    for (const [index, cell] of [...changed.cells.entries()].reverse()) {
      const source = child(nodes[cell.number - 1], 'source');
      if (source === undefined || cell.text === this.source.cells[index]?.text) continue;
      const written = source.type === 'array' ? this.#lines(source, cell.text) : this.#string(cell.text);
      json = json.slice(0, source.offset) + written + json.slice(source.offset + source.length);
    }
    return json;
  }

  /** A list of lines, spaced as the list was, with the lines that were there as they were written. */
  #lines(list: Node, text: string): string {
    const items = list.children ?? [];
    const written = new Map(items.map((item) => [item.value as string, this.#slice(item)]));
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    if (lines.length === 0) return '[]';
    const [first, second] = items;
    const last = items.at(-1) ?? first;
    const listEnd = list.offset + list.length;
    const indentation = first ? this.#json.slice(list.offset + 1, first.offset) : '';
    const separator =
      first && second
        ? this.#json.slice(first.offset + first.length, second.offset)
        : `,${indentation === '' ? ' ' : indentation}`;
    const closing = last ? this.#json.slice(last.offset + last.length, listEnd - 1) : '';
    const content = lines.map((line) => written.get(line) ?? this.#string(line)).join(separator);
    return `[${indentation}${content}${closing}]`;
  }

  #slice(node: Node): string {
    return this.#json.slice(node.offset, node.offset + node.length);
  }

  /** A JSON string in the manner of the file: some writers escape everything beyond ASCII. */
  #string(text: string): string {
    const json = JSON.stringify(text);
    const escapes = /\\u[0-9a-f]{4}/i.test(this.#json) && !/[\u0080-\uffff]/.test(this.#json);
    if (!escapes) return json;
    return json.replace(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  }
}

function child(node: Node | undefined, key: string): Node | undefined {
  const property = node?.children?.find(({ children }) => children?.[0]?.value === key);
  return property?.children?.[1];
}
