const PREFIX_AND_QUOTE = /^([a-zA-Z]*)("""|'''|"|')/;

/** Where the parts of one string literal are. */
export interface StringLayout {
  readonly bytes: boolean;
  readonly raw: boolean;
  /** An f-string or a t-string. */
  readonly format: boolean;
  /** Offsets of the text between the quotes. */
  readonly contentStart: number;
  readonly contentEnd: number;
}

/** Reads the prefix and the quotes of the literal at `[start, end)`; tolerates a missing closing quote. */
export function stringLayout(text: string, start: number, end: number): StringLayout {
  const match = PREFIX_AND_QUOTE.exec(text.slice(start, Math.min(end, start + 8)));
  const prefix = (match?.[1] ?? '').toLowerCase();
  const quote = match?.[2] ?? '';
  const contentStart = start + (match?.[0].length ?? 0);
  const closed = quote !== '' && end - quote.length >= contentStart && text.endsWith(quote, end);
  return {
    bytes: prefix.includes('b'),
    raw: prefix.includes('r'),
    format: prefix.includes('f') || prefix.includes('t'),
    contentStart,
    contentEnd: closed ? end - quote.length : end,
  };
}

const ESCAPE =
  /\\(?:\r?\n|\r|[\\'"abfnrtv]|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\})/g;

const simpleEscapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/**
 * The value of the text between a literal's quotes. Line ends become `\n`, as Python reads a file.
 * Unknown escapes stay as written, as in Python; so does `\N{...}`, whose names would need a table
 * of all of Unicode.
 */
export function interpretEscapes(
  content: string,
  layout: { readonly raw: boolean; readonly bytes: boolean },
): string {
  const normalised = content.includes('\r') ? content.replace(/\r\n?/g, '\n') : content;
  if (layout.raw || !normalised.includes('\\')) {
    return normalised;
  }
  return normalised.replace(ESCAPE, (sequence) => {
    const letter = sequence[1] ?? '';
    if (letter === '\n') {
      return '';
    }
    const simple = simpleEscapes[letter];
    if (simple !== undefined) {
      return simple;
    }
    if (letter === 'x') {
      return String.fromCharCode(Number.parseInt(sequence.slice(2), 16));
    }
    if (letter === 'u' || letter === 'U') {
      const codePoint = Number.parseInt(sequence.slice(2), 16);
      return layout.bytes || codePoint > 0x10ffff ? sequence : String.fromCodePoint(codePoint);
    }
    if (letter === 'N') {
      return sequence;
    }
    const octal = Number.parseInt(sequence.slice(1), 8);
    return String.fromCharCode(layout.bytes ? octal & 0xff : octal);
  });
}
