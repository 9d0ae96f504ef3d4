/** How far a measured number may be from the recorded one, relatively: random numbers differ between versions of PyTorch. */
const TOLERANCE = 0.1;

/** Whether a program printed what was recorded. Whole numbers must be the same, others nearly. */
export function sameOutput(recorded: string, printed: string): boolean {
  const number = /-?\d+\.\d+/g;
  if (recorded.replace(number, '#') !== printed.replace(number, '#')) return false;
  const ours = recorded.match(number) ?? [];
  const theirs = printed.match(number) ?? [];
  return ours.every((text, index) => {
    const [one, other] = [Number(text), Number(theirs[index])];
    return Math.abs(one - other) <= TOLERANCE * Math.max(Math.abs(one), Math.abs(other));
  });
}
