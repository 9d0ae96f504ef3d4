import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../../src/cli/run.ts';
import type { LintEngine } from '../../../src/lint.ts';
import { fakeEngine } from '../lint/fake-engine.ts';
import { testParser } from '../python-parser.ts';

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for a test, and the program run in it, in this process. */
export class CommandLine {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<CommandLine> {
    const folder = await mkdtemp(path.join(tmpdir(), 'freezelint-'));
    const commandLine = new CommandLine(folder);
    for (const [name, content] of Object.entries(files)) await commandLine.write(name, content);
    return commandLine;
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    const file = path.join(this.folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  async run(
    args: readonly string[],
    options: {
      stdin?: string | Uint8Array;
      engine?: LintEngine;
      build?: string;
      colour?: boolean;
      onStdout?: (bytes: Buffer) => void;
    } = {},
  ): Promise<Outcome> {
    let stdout = '';
    let stderr = '';
    const exitCode = await run(args, {
      terminal: {
        stdout: (text) => {
          const bytes = Buffer.from(text);
          options.onStdout?.(bytes);
          stdout += bytes.toString();
        },
        stderr: (text) => {
          stderr += text;
        },
        readStdin: async () => Buffer.from(options.stdin ?? ''),
        workingFolder: this.folder,
        colour: options.colour ?? false,
      },
      engine: options.engine ?? fakeEngine(),
      version: '1.2.3',
      build: options.build ?? null,
      loadParser: testParser,
      serve: () => Promise.reject(new Error('the server is started')),
    });
    return { exitCode, stdout, stderr };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}
