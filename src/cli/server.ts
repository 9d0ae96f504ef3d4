import { parseArguments, UsageError } from './arguments.ts';

const options = {
  stdio: { type: 'boolean', default: true },
  // Clients made with vscode-languageclient add it; the server's library reads it.
  clientProcessId: { type: 'string' },
} as const;

/** `freezelint server`: speaks the language server protocol at stdin and stdout. */
export async function server(args: readonly string[], serve: () => Promise<never>): Promise<never> {
  const { positionals } = parseArguments(args, options);
  const [first] = positionals;
  if (first !== undefined) throw new UsageError(`the server takes no paths, but "${first}" was given`);
  return serve();
}
