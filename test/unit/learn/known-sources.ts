/** How many programs were measured in each family: `a: 20` stands for the cases a01 to a20. */
const MEASURED_CASES: Readonly<Record<string, number>> = {
  a: 20,
  b: 11,
  c: 13,
  d: 16,
  e: 5,
  f: 11,
  g: 7,
  h: 3,
  i: 13,
  w: 8,
};

/** Whether a source of content is a case that was measured, or an address. */
export function isKnownSource(source: string): boolean {
  const [, family = '', number = ''] = /^case:([a-z])(\d\d)$/.exec(source) ?? [];
  const isCase = Number(number) >= 1 && Number(number) <= (MEASURED_CASES[family] ?? 0);
  return isCase || (source.startsWith('https://') && URL.canParse(source));
}
