// The language server as a program of its own: `freezelint server` loads it, and the other commands do without.
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import packageJson from '../../package.json' with { type: 'json' };
import { loadParser } from '../node/load-parser.ts';
import { LanguageServer } from './server.ts';

/** Serves the client at stdin and stdout until it says `exit` or goes away, which ends the process. */
export function serve(): Promise<never> {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  const survive = (error: unknown): void => {
    connection.console.error(`internal error: ${error instanceof Error ? error.stack : String(error)}`);
  };
  // No message of a client may end the server: others may well be understood.
  process.on('uncaughtException', survive);
  process.on('unhandledRejection', survive);
  // Without a reader nothing can be said any more, not even that.
  process.stdout.on('error', () => process.exit(1));
  new LanguageServer(connection, { version: packageJson.version, loadParser });
  connection.listen();
  return new Promise(() => {});
}
