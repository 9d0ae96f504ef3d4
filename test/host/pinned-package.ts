import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { npm } from './npm.ts';

/** A package of the npm registry that is not installed with the project: it is big, and only tests need it. */
export interface PinnedPackage {
  /** Name and exact version. */
  readonly specifier: string;
  /** Of its tarball, in base64. */
  readonly sha512: string;
  /** What of it to unpack. */
  readonly part: string;
  /** Patterns of files to leave out. */
  readonly without?: readonly string[];
}

/**
 * The folder `name` in the user's cache, made on first use by `make`, which gets a folder to work in and gives the
 * finished one below it. The folder appears whole or not at all: it is made under another name and renamed at the end.
 */
export function cachedFolder(name: string, make: (workshop: string) => string): string {
  const folder = path.join(cacheFolder(), name);
  if (fs.existsSync(folder)) return folder;
  fs.mkdirSync(cacheFolder(), { recursive: true });
  const workshop = fs.mkdtempSync(path.join(cacheFolder(), 'unfinished-'));
  try {
    fs.renameSync(make(workshop), folder);
  } catch (error) {
    // Another run may have finished the same folder meanwhile; it is as good as ours.
    if (!fs.existsSync(folder)) throw error;
  } finally {
    fs.rmSync(workshop, { recursive: true, force: true });
  }
  return folder;
}

/**
 * Unpacks a package into `workshop` and gives the folder of its part.
 * @throws when npm cannot fetch the package, or it is not the pinned one.
 */
export function unpack({ specifier, sha512, part, without = [] }: PinnedPackage, workshop: string): string {
  npm(['pack', specifier, '--loglevel=error'], workshop);
  const tarball = fs.readdirSync(workshop).find((file) => file.endsWith('.tgz'));
  if (!tarball) throw new Error(`npm pack ${specifier} left no tarball in ${workshop}`);
  const found = createHash('sha512')
    .update(fs.readFileSync(path.join(workshop, tarball)))
    .digest('base64');
  if (found !== sha512) {
    throw new Error(`${specifier} from your npm registry is not the pinned package: its sha512 is ${found}`);
  }
  // Windows 10 and later have tar too. Relative names only: some tars take the colon of C: for a host name.
  const excluded = without.map((pattern) => `--exclude=${pattern}`);
  execFileSync('tar', ['-xzf', tarball, ...excluded, part], { cwd: workshop });
  fs.rmSync(path.join(workshop, tarball));
  return path.join(workshop, part);
}
