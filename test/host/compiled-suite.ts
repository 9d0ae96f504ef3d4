import * as fs from 'node:fs';
import * as path from 'node:path';
import * as esbuild from 'esbuild';

const ROOT = path.resolve(import.meta.dirname, '../..');

/**
 * Compiles test/vscode/ to dist/test/vscode/ as CommonJS, which is what an extension host loads: one file for each
 * suite, so that mocha's globals exist before any of them is read.
 * @returns the module whose `run()` the extension host calls.
 */
export async function compileSuite(): Promise<string> {
  const outdir = path.join(ROOT, 'dist', 'test', 'vscode');
  fs.rmSync(outdir, { recursive: true, force: true });
  await esbuild.build({
    ...shared,
    entryPoints: ['test/vscode/index.ts', 'test/vscode/*.test.ts'],
    outdir,
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    target: 'node20',
    external: ['vscode', 'mocha'],
  });
  return path.join(outdir, 'index.cjs');
}

/**
 * Compiles the same suites, and those of the web host alone, to one script, which is all that a web worker extension
 * host can load; mocha and a stand-in for Node's assert are in it.
 * @returns the script whose `run()` the extension host calls.
 */
export async function compileWebSuite(): Promise<string> {
  const outfile = path.join(ROOT, 'dist', 'test', 'web', 'suites.cjs');
  const folder = path.join(ROOT, 'test', 'vscode');
  const suites = [folder, path.join(folder, 'web')].flatMap((each) =>
    fs
      .readdirSync(each)
      .filter((file) => file.endsWith('.test.ts'))
      .sort()
      .map((file) => path.join(each, file)),
  );
  const imports = [path.join(folder, 'web', 'set-up.ts'), ...suites].map((file) => {
    return `import ${JSON.stringify(file)};`;
  });
  await esbuild.build({
    ...shared,
    stdin: {
      contents: [...imports, "export { run } from './test/vscode/web/run.ts';"].join('\n'),
      resolveDir: ROOT,
    },
    outfile,
    platform: 'browser',
    target: 'es2022',
    external: ['vscode'],
    // mocha's script for browsers would take the module that it is bundled into for its own.
    define: { module: 'undefined' },
    alias: { 'node:assert/strict': path.join(folder, 'web', 'assert.ts') },
  });
  return outfile;
}

const shared = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'cjs',
  sourcemap: 'inline',
  logLevel: 'warning',
} satisfies esbuild.BuildOptions;
