import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Wrong use of the command line; the message is for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** `parseArgs` in strict mode whose complaints are UsageErrors. */
export function parseArguments<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // The parser's second sentence is advice on `--`, which helps nobody who mistyped an option.
    if (error instanceof TypeError) throw new UsageError(error.message.split('. ')[0] ?? error.message);
    throw error;
  }
}

/** Checks an option that takes one of a few words. Throws UsageError on any other. */
export function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new UsageError(`--${option}: "${value}" is none of ${allowed.join(', ')}`);
  return found;
}

/** Splits `--select FRZ101,FRZ4 --select ALL` into selectors. */
export function selectors(values: readonly string[] | undefined): string[] | null {
  if (values === undefined) return null;
  return values.flatMap((value) => value.split(/[\s,]+/)).filter((selector) => selector !== '');
}
