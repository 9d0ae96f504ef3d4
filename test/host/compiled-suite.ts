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
    absWorkingDir: ROOT,
    entryPoints: ['test/vscode/index.ts', 'test/vscode/**/*.test.ts'],
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return path.join(outdir, 'index.cjs');
}
