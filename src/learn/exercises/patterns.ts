import type { ModuleSnapshot, ParameterSnapshot } from '../../analysis/places/snapshot.ts';

/** What a wrapper puts before the names of the model that it wraps. */
const WRAPPED = /^(?:module|_orig_mod)\./;

/** Whether a pattern selects a module by its path ('.' for the model itself) or its class. */
export function matches(pattern: string, path: string, className: string): boolean {
  if (/^[A-Z]/.test(pattern)) return className === pattern;
  if (pattern === '.' || path === '.') return pattern === path;
  const text = pattern
    .replace(/\.\*$/, '')
    .split('*')
    .map((part) => part.replace(/[.]/g, '\\.'))
    .join('.*');
  return new RegExp(`^${text}(?:\\..*)?$`).test(path.replace(WRAPPED, ''));
}

/**
 * The parameters of a model that a pattern of a goal selects, by name. `rest` selects those that none of the `used`
 * patterns does.
 */
export function selectParameters(
  { parameters, submodules }: ModuleSnapshot,
  pattern: string,
  used: readonly string[],
): readonly (readonly [string, ParameterSnapshot])[] {
  const isSelected = (one: string, name: string): boolean => {
    const owner = name.slice(0, Math.max(0, name.lastIndexOf('.')));
    return matches(one, name, submodules.get(owner)?.className ?? '');
  };
  const all = [...parameters];
  if (pattern !== 'rest') return all.filter(([name]) => isSelected(pattern, name));
  const others = used.filter((one) => one !== 'rest');
  return all.filter(([name]) => !others.some((one) => isSelected(one, name)));
}

/** The parameter of a name, whatever wraps the model. */
export function parameterOf({ parameters }: ModuleSnapshot, name: string): ParameterSnapshot | undefined {
  return [...parameters].find(([path]) => path === name || path.replace(WRAPPED, '') === name)?.[1];
}
