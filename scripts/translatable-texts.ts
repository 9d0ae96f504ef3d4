// The English texts that the extension shows, for translators: VS Code looks translations up by them.
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { glob } from 'tinyglobby';

/** A call that translates, up to its first argument. */
const call = /\b(?:l10n\.t|translate)\(\s*(?:'((?:[^'\\]|\\.)*)'|(message\b)|(.{0,40}))/g;

/** `bundle.l10n.json`: every text under itself, in alphabetical order. Throws where a text is not written out. */
export async function translationTemplate(root: string): Promise<string> {
  const files = await glob(['src/editor/**/*.ts', 'src/extension/**/*.ts'], { cwd: root });
  const texts = new Set<string>();
  for (const file of files) {
    const source = await readFile(path.join(root, file), 'utf-8');
    for (const [, text, passedOn, other] of source.matchAll(call)) {
      if (text !== undefined) texts.add(text.replace(/\\(.)/g, '$1'));
      else if (passedOn === undefined)
        throw new Error(`${file}: no translator would find the text of ${other}`);
    }
  }
  const sorted = [...texts].sort();
  return `${JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), null, 2)}\n`;
}
