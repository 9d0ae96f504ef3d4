/** Strings: Python's methods on known ones, and tests on the names of an opaque module's parameters. */

import type { Interpreter } from '../interpreter.ts';
import type { NameTest } from '../state/atoms.ts';
import {
  type AtomNameValue,
  boolean,
  type CallArguments,
  constant,
  isNumber,
  isString,
  type TupleValue,
  textOrUnknown,
  UNKNOWN,
  type Value,
} from '../state/values.ts';

const tuple = (items: readonly Value[]): TupleValue => ({ kind: 'tuple', items });

/** `text.name(arguments)` for a known string; unknown where an argument or the method is. */
export function callStringMethod(run: Interpreter, text: string, name: string, args: CallArguments): Value {
  const [first, second] = args.positional;
  const firstText = first && isString(first) ? first.value : null;
  switch (name) {
    case 'startswith':
    case 'endswith': {
      const options = first?.kind === 'tuple' ? first.items : first ? [first] : [];
      if (options.length === 0 || second) return UNKNOWN;
      const passes = options.map((option) =>
        isString(option)
          ? name === 'startswith'
            ? text.startsWith(option.value)
            : text.endsWith(option.value)
          : null,
      );
      return boolean(passes.includes(true) ? true : passes.includes(null) ? null : false);
    }
    case 'format':
      return args.complete ? formatted(text, args) : UNKNOWN;
    case 'split':
    case 'rsplit': {
      const most = second ?? args.keywords.get('maxsplit') ?? constant(-1);
      if (!first) return args.keywords.size > 0 ? UNKNOWN : tuple(text.trim().split(/\s+/).map(constant));
      if (!firstText || !isNumber(most)) return UNKNOWN;
      return tuple(splitText(text, firstText, most.value, name === 'rsplit').map(constant));
    }
    case 'replace':
      return firstText !== null && second && isString(second) && args.positional.length === 2
        ? textOrUnknown(text.split(firstText).join(second.value), run.spend)
        : UNKNOWN;
    case 'lower':
      return constant(text.toLowerCase());
    case 'upper':
      return constant(text.toUpperCase());
    case 'strip':
      return first ? UNKNOWN : constant(text.trim());
    case 'lstrip':
      return first ? UNKNOWN : constant(text.trimStart());
    case 'rstrip':
      return first ? UNKNOWN : constant(text.trimEnd());
    case 'count':
      return firstText && !second ? constant(text.split(firstText).length - 1) : UNKNOWN;
    case 'find':
      return firstText !== null && !second ? constant(text.indexOf(firstText)) : UNKNOWN;
    case 'isdigit':
      return boolean(/^\d+$/.test(text));
    case 'removeprefix':
      return firstText !== null
        ? constant(text.startsWith(firstText) ? text.slice(firstText.length) : text)
        : UNKNOWN;
    case 'removesuffix':
      return firstText !== null && text.endsWith(firstText)
        ? constant(firstText === '' ? text : text.slice(0, -firstText.length))
        : firstText !== null
          ? constant(text)
          : UNKNOWN;
    case 'partition':
    case 'rpartition': {
      if (!firstText) return UNKNOWN;
      const fromEnd = name === 'rpartition';
      const at = fromEnd ? text.lastIndexOf(firstText) : text.indexOf(firstText);
      const parts = [text.slice(0, at), firstText, text.slice(at + firstText.length)];
      return tuple((at >= 0 ? parts : fromEnd ? ['', '', text] : [text, '', '']).map(constant));
    }
    default:
      return UNKNOWN;
  }
}

/** Python's split and rsplit: at most `most` cuts, any number where it is negative. */
function splitText(text: string, separator: string, most: number, fromEnd: boolean): readonly string[] {
  const parts = text.split(separator);
  const cuts = most < 0 ? parts.length - 1 : Math.min(most, parts.length - 1);
  const kept = parts.length - cuts;
  return fromEnd
    ? [parts.slice(0, kept).join(separator), ...parts.slice(kept)]
    : [...parts.slice(0, cuts), parts.slice(cuts).join(separator)];
}

type NameOperation = 'equals' | 'contains' | 'prefix' | 'suffix';

/**
 * A test on the name of a class's parameters. Reduced to a question about the full name inside the opaque
 * module where that is possible, so that different views of the same module agree.
 */
export function testName(
  run: Interpreter,
  name: AtomNameValue,
  operation: NameOperation,
  text: string,
): boolean | null {
  const ask = (kind: NameTest['kind'], question: string, after = ''): boolean | null =>
    run.iterated.decide(name.atom, { kind, text: question, after });
  if (name.transform === 'child') {
    // A child is called x exactly where the parameter's full name goes on with "x.".
    if (operation === 'equals') return ask('prefix', `${name.strip}${text}.`);
    if (text.includes('.')) return false;
    if (operation === 'prefix') return ask('prefix', `${name.strip}${text}`);
    if (text === '') return true;
    return ask(operation === 'contains' ? 'childContains' : 'childSuffix', text, name.strip);
  }
  if (name.transform !== '') return ask('other', `${name.strip}|${name.transform} ${operation} ${text}`);
  const { add, strip } = name;
  if (operation === 'prefix' || operation === 'equals') {
    if (operation === 'prefix' && add.startsWith(text)) return true;
    if (!text.startsWith(add)) return false;
    return ask(operation, strip + text.slice(add.length));
  }
  if (operation === 'contains') {
    if (text === '' || add.includes(text)) return true;
    // A match that straddles the added prefix is found at the start of the rest.
    for (let split = 1; split < text.length; split++) {
      if (add.endsWith(text.slice(0, split))) return ask('other', `${add}|contains ${text} after ${strip}`);
    }
    return ask('contains', text, strip);
  }
  return ask('suffix', text);
}

/** `name.method(arguments)` for the name of a class's parameters. */
export function callNameMethod(
  run: Interpreter,
  name: AtomNameValue,
  method: string,
  args: CallArguments,
): Value {
  const [first] = args.positional;
  if (method === 'startswith' || method === 'endswith') {
    const options = first?.kind === 'tuple' ? first.items : first ? [first] : [];
    let answer: boolean | null = false;
    for (const option of options) {
      const passes = isString(option)
        ? testName(run, name, method === 'startswith' ? 'prefix' : 'suffix', option.value)
        : null;
      if (passes === true) return boolean(true);
      if (passes === null) answer = null;
    }
    return boolean(answer);
  }
  const described = args.positional.map((value) =>
    isString(value) || isNumber(value) ? JSON.stringify(value.value) : '?',
  );
  if (args.keywords.size > 0 || described.includes('?')) return UNKNOWN;
  return { ...name, transform: `${name.transform}.${method}(${described.join(',')})` };
}

/** The first component of a name, `name.split('.')[0]`, is the name of the child that owns the parameter. */
const FIRST_COMPONENT = '.split(".")[0]';

/** `name[index]` of what a method such as `split` made of the name. */
export function indexName(name: AtomNameValue, index: Value): Value {
  if (!isNumber(index)) return UNKNOWN;
  const transform = `${name.transform}[${index.value}]`;
  return { ...name, transform: transform === FIRST_COMPONENT && name.add === '' ? 'child' : transform };
}

/** Whether `pattern` matches, as `re.match`, `re.search` or `re.fullmatch`; null where it cannot be told. */
export function matchPattern(
  run: Interpreter,
  method: 'match' | 'search' | 'fullmatch',
  pattern: string,
  subject: Value,
): boolean | null {
  if (subject.kind === 'atomName') {
    const literal = /^\^?((?:[\w-]|\\\.)+)\$?$/.exec(pattern)?.[1]?.replaceAll('\\.', '.');
    if (literal !== undefined) {
      const anchoredStart = pattern.startsWith('^') || method !== 'search';
      const anchoredEnd = pattern.endsWith('$') || method === 'fullmatch';
      const operation = anchoredStart
        ? anchoredEnd
          ? 'equals'
          : 'prefix'
        : anchoredEnd
          ? 'suffix'
          : 'contains';
      return testName(run, subject, operation, literal);
    }
    const text = `${subject.add}|${subject.strip}|${subject.transform} re.${method} ${pattern}`;
    return run.iterated.decide(subject.atom, { kind: 'other', text, after: '' });
  }
  if (!isString(subject)) return null;
  try {
    // Python's syntax where it differs from JavaScript's: named groups and the \A, \Z anchors.
    const source = pattern.replaceAll('(?P<', '(?<').replaceAll('\\A', '^').replaceAll('\\Z', '$');
    const anchored = method === 'search' ? source : `^(?:${source})${method === 'fullmatch' ? '$' : ''}`;
    return new RegExp(anchored, 'u').test(subject.value);
  } catch {
    return null;
  }
}

/** `'layer{}.{name}'.format(1, name='conv')`, where every value is a text or a whole number and nothing else is asked. */
function formatted(text: string, args: CallArguments): Value {
  let next = 0;
  let isKnown = true;
  const result = text.replace(/\{\{|\}\}|\{([^{}]*)\}/g, (match, field: string | undefined) => {
    if (field === undefined) return match.charAt(0);
    const value =
      field === ''
        ? args.positional[next++]
        : /^\d+$/.test(field)
          ? args.positional[Number(field)]
          : args.keywords.get(field);
    if (value && (isString(value) || (isNumber(value) && Number.isInteger(value.value)))) {
      return String(value.value);
    }
    isKnown = false;
    return match;
  });
  return isKnown ? constant(result) : UNKNOWN;
}
