import { existsSync } from 'node:fs';

/**
 * Becomes the language server, which ends the process itself. It is a program beside this one, as its libraries would
 * cost every other command time to load.
 */
export async function serve(): Promise<never> {
  const beside = new URL('server.js', import.meta.url);
  const program = existsSync(beside) ? beside : new URL('../server/main.ts', import.meta.url);
  const { serve } = (await import(program.href)) as { serve(): Promise<never> };
  return serve();
}
