import type * as v from 'valibot';

/** The parts of a valibot schema that are read here. */
interface Part {
  readonly type: string;
  readonly pipe?: readonly Part[];
  readonly entries?: Readonly<Record<string, Part>>;
  readonly item?: Part;
  readonly wrapped?: Part;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly requirement?: unknown;
}

/**
 * The JSON Schema that says what a valibot schema says, for the parts that the deck format uses. Checks that JSON Schema
 * has no plain word for (`v.check`) are left out.
 * @throws on a part it does not know, so that nothing is overlooked.
 */
export function jsonSchemaOf(schema: v.GenericSchema): unknown {
  return convert(schema as unknown as Part);
}

function convert(part: Part): Record<string, unknown> {
  const [base, ...actions] = part.pipe ?? [part];
  if (base === undefined) throw new Error('an empty pipe');
  return Object.assign(convertBase(base), ...actions.map((action) => convertAction(action, base.type)));
}

function convertBase(part: Part): Record<string, unknown> {
  switch (part.type) {
    case 'string':
    case 'number':
    case 'boolean':
      return { type: part.type };
    case 'literal':
      return { const: part.literal };
    case 'picklist':
      return { enum: part.options };
    case 'array':
      return { type: 'array', items: convert(part.item as Part) };
    case 'variant':
      return { oneOf: (part.options as Part[]).map(convert) };
    case 'strict_object': {
      const entries = Object.entries(part.entries ?? {});
      return {
        type: 'object',
        additionalProperties: false,
        required: entries.filter(([, entry]) => entry.type !== 'optional').map(([key]) => key),
        properties: Object.fromEntries(entries.map(([key, entry]) => [key, convert(entry.wrapped ?? entry)])),
      };
    }
    default:
      throw new Error(`no JSON Schema for ${part.type}`);
  }
}

function convertAction({ type, requirement }: Part, base: string): Record<string, unknown> {
  const unit = base === 'array' ? 'Items' : 'Length';
  switch (type) {
    case 'trim':
    case 'check':
      return {};
    case 'integer':
      return { type: 'integer' };
    case 'regex':
      return { pattern: (requirement as RegExp).source };
    case 'min_length':
      return { [`min${unit}`]: requirement };
    case 'max_length':
      return { [`max${unit}`]: requirement };
    case 'min_value':
      return { minimum: requirement };
    case 'max_value':
      return { maximum: requirement };
    default:
      throw new Error(`no JSON Schema for ${type}`);
  }
}
