// The executable: hands the process's own parts to the program.
import { stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import { analyse } from '../analysis/analyse.ts';
import { loadParser } from '../node/load-parser.ts';
import { rules } from '../rules/registry.ts';
import { run } from './run.ts';
import { serve } from './serve.ts';
import { exitCodes } from './terminal.ts';

// `freezelint check | head` closes the pipe early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.clean);
});

// Set, not exited with: the process ends by itself once stdout has taken everything.
process.exitCode = await run(process.argv.slice(2), {
  terminal: {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    readStdin: () => buffer(process.stdin),
    workingFolder: process.cwd(),
    colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
  },
  engine: { analyse, rules },
  version: packageJson.version,
  build: await buildOf(fileURLToPath(import.meta.url)),
  loadParser,
  serve,
});

/** Differs from build to build, also between those of one version. */
async function buildOf(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  return `${packageJson.version} ${size} ${mtimeMs}`;
}
