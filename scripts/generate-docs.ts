// npm run generate: writes everything that is made from the rules, and the texts for translators.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { rules } from '../src/rules/registry.ts';
import { generatedFiles, present, rootFolder } from './generated-files.ts';

const files = await generatedFiles(rules);
for (const folder of ['docs/rules', 'l10n']) await mkdir(path.join(rootFolder, folder), { recursive: true });
for (const [file, content] of files) {
  if ((await present(file)) === content) continue;
  await writeFile(path.join(rootFolder, file), content);
  console.log(`wrote ${file}`);
}
for (const name of await readdir(path.join(rootFolder, 'docs/rules'))) {
  if (files.has(`docs/rules/${name}`)) continue;
  await rm(path.join(rootFolder, 'docs/rules', name));
  console.log(`removed docs/rules/${name}`);
}
