import * as v from 'valibot';
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';

const MAX_CHARACTERS = 1_000_000; // far beyond any file a person writes; keeps a wrong one from stalling the editor

/** What is wrong in a content file such as a deck, and where. */
export interface ContentError {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** Where in the file, as in `items[2].options[0].why`; empty for the whole file. */
  readonly key: string;
  /** What is wrong and what to do. */
  readonly message: string;
}

export type Path = readonly (string | number)[];

/** A fault at `path`; `atKey` where the key itself is at fault rather than its value. */
export interface Fault {
  readonly path: Path;
  readonly message: string;
  readonly atKey?: boolean;
}

/** A format of content files. */
export interface ContentFormat<Content> {
  /** What a file of it is: "a deck". */
  readonly name: string;
  /** What every file of it begins with. */
  readonly firstLine: string;
  readonly schema: v.GenericSchema<unknown, Content>;
  /** What a schema cannot say of content that fits it. */
  check(content: Content): readonly Fault[];
}

export type ContentResult<Content> =
  | { readonly content: Content; readonly errors?: never }
  | { readonly errors: readonly ContentError[]; readonly content?: never };

/**
 * Reads one content file. Never throws: whatever is wrong with the content comes back as errors, all of them
 * in the order of the file, each with its place (`fileName` is only quoted in them).
 */
export function readYaml<Content>(
  yamlText: string,
  fileName: string,
  format: ContentFormat<Content>,
): ContentResult<Content> {
  const at = (line: number, column: number, key: string, message: string): ContentError => ({
    file: fileName,
    line,
    column,
    key,
    message,
  });
  const atStart = (message: string) => ({ errors: [at(1, 1, '', message)] });
  if (yamlText.length > MAX_CHARACTERS) {
    return atStart(`the file is longer than ${MAX_CHARACTERS} characters; split it into several`);
  }
  const lineCounter = new LineCounter();
  let content: unknown;
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(yamlText, {
      lineCounter,
      prettyErrors: false,
      stringKeys: true,
      logLevel: 'error',
    });
    if (document.errors.length > 0) {
      return {
        errors: document.errors.map((error) => {
          const { line, col } = lineCounter.linePos(error.pos[0]);
          return at(line, col, '', `not valid YAML: ${error.message}`);
        }),
      };
    }
    content = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return atStart(`not readable as YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (content === null || typeof content !== 'object' || Array.isArray(content)) {
    return atStart(`this is not ${format.name}; start the file with "${format.firstLine}"`);
  }
  const parsed = v.safeParse(format.schema, content);
  const found = parsed.success ? format.check(parsed.output) : parsed.issues.map(describeIssue);
  if (parsed.success && found.length === 0) return { content: parsed.output };
  const errors = found.map(({ path, message, atKey }) => {
    const offset = offsetOf(document.contents, path, atKey === true);
    const { line, col } = lineCounter.linePos(offset);
    return at(line, col, keyPath(path), message);
  });
  errors.sort((a, b) => a.line - b.line || a.column - b.column);
  return { errors };
}

/** The faults of ids that are used twice; `place` says where the id at an index stands, `what` who needs its own. */
export function repeatedIds(
  ids: readonly string[],
  place: (index: number) => Path,
  what: string,
): readonly Fault[] {
  return ids.flatMap((id, index) =>
    ids.indexOf(id) < index
      ? [{ path: place(index), message: `the id "${id}" is used twice; ${what} needs its own` }]
      : [],
  );
}

function describeIssue(issue: v.BaseIssue<unknown>): Fault {
  const path = (issue.path ?? []).map((part) => part.key as string | number);
  const key = path.at(-1);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return {
      path,
      atKey: true,
      message: `"${key}" is not a key of this format; check its spelling or delete the line`,
    };
  }
  const isMissing = issue.input === undefined && (issue.type === 'strict_object' || key === 'kind');
  if (isMissing) return { path, message: `"${key}" is missing; add it` };
  if (issue.type === 'strict_object') {
    return { path, message: 'keys and values are expected here, as in "id: my-item"; check the indentation' };
  }
  return { path, message: issue.message };
}

function keyPath(path: Path): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('');
}

/** The offset of the value at `path`; of its key where the value is a collection or unknown; of the nearest parent where it is missing. */
function offsetOf(root: Node | null, path: Path, atKey: boolean): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(part));
      if (pair === undefined) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (hasItems(node) && typeof part === 'number') {
      node = node.items[part];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else return offset;
  }
  const isText =
    !atKey && isScalar(node) && node.range !== undefined && node.range !== null && node.value !== null;
  return isText ? (node as { range: [number, number, number] }).range[0] : offset;
}

function hasItems(node: unknown): node is { items: unknown[] } {
  return typeof node === 'object' && node !== null && Array.isArray((node as { items?: unknown }).items);
}
