import { existsSync } from 'node:fs';

/** The folder of the rules' pages: beside the built program's, or the source's own. */
const folder = ['../docs/rules/', '../../docs/rules/']
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(url));

/** The address of a rule's page on this machine; null where the program was installed without them. */
export function rulePageUri(code: string): string | null {
  // The code may come from a client.
  if (folder === undefined || !/^FRZ\d+$/.test(code)) return null;
  const page = new URL(`${code}.md`, folder);
  return existsSync(page) ? page.href : null;
}
