/** Machine-written files beyond this many bytes would stall a run, or typing, for nothing. */
export const maximumFileSize = 2 * 1024 * 1024;

/** A Python file's text and what is needed to write it back as it was. */
export interface SourceText {
  /** Without a byte order mark; line endings as in the file. */
  readonly text: string;
  readonly encoding: 'utf-8' | 'latin-1';
  readonly byteOrderMark: boolean;
}

/** A file that cannot be linted; the message says why, without the file's name. */
export class UnreadableSource extends Error {
  override readonly name = 'UnreadableSource';
}

// PEP 263: a comment in the first or second line, the second only below a comment or a blank line.
const codingCookie = /^(?:[ \t\f]*(?:#.*)?(?:\r\n|\n|\r))?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const utf8Names = new Set(['utf-8', 'utf8', 'u8', 'utf', 'utf-8-sig', 'ascii', 'us-ascii', 'cp65001']);
const latin1Names = new Set(['latin-1', 'latin1', 'iso-8859-1', 'iso8859-1', '8859', 'cp819', 'l1', 'latin']);

/** Decodes a Python file as Python does (PEP 263). Throws UnreadableSource on binary and undecodable files. */
export function decodeSource(bytes: Uint8Array): SourceText {
  if (bytes.includes(0)) throw new UnreadableSource('binary file (it contains NUL bytes)');
  const byteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const content = Buffer.from(byteOrderMark ? bytes.subarray(3) : bytes);

  const cookie = codingCookie.exec(content.subarray(0, 1000).toString('latin1'))?.[1];
  const name = (byteOrderMark ? 'utf-8' : (cookie ?? 'utf-8'))
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/-(?:unix|dos|mac)$/, '');
  if (latin1Names.has(name)) {
    return { text: content.toString('latin1'), encoding: 'latin-1', byteOrderMark };
  }
  if (!utf8Names.has(name)) throw new UnreadableSource(`unsupported encoding "${cookie}"`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return { text, encoding: 'utf-8', byteOrderMark };
  } catch {
    throw new UnreadableSource('not valid UTF-8, and no coding comment names another encoding');
  }
}

/** Encodes changed text in the form the file had. Throws UnreadableSource where its encoding lacks a character. */
export function encodeSource(text: string, { encoding, byteOrderMark }: SourceText): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from((byteOrderMark ? '\uFEFF' : '') + text, 'utf-8');
  for (const character of text) {
    if ((character.codePointAt(0) ?? 0) > 0xff) {
      throw new UnreadableSource(`the fix needs "${character}", which latin-1 does not have`);
    }
  }
  return Buffer.from(text, 'latin1');
}
