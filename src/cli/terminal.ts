/** What a command may touch of the process it runs in; tests hand in their own. */
export interface Terminal {
  /** Writes text or bytes as they are; line breaks are the caller's. */
  stdout(text: string | Uint8Array): void;
  stderr(text: string): void;
  readStdin(): Promise<Uint8Array>;
  /** The folder that relative paths start from. */
  readonly workingFolder: string;
  /** Whether stdout may carry ANSI colours. */
  readonly colour: boolean;
}

/** Exit codes of every command, as in ruff. */
export const exitCodes = {
  /** No finding of warning or worse. */
  clean: 0,
  /** At least one finding of warning or worse. */
  findings: 1,
  /** Wrong use, a file that could not be read or understood, wrong configuration, or an internal error. */
  error: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
