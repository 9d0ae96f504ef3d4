/** Begins a line of our suites among everything else that an extension host prints. */
export const LINE_MARK = '\u0001';

/** Begins a line that says in JSON how many tests passed, from where there is no file to write it to. */
export const TALLY_MARK = '\u0002';
