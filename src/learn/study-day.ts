/** A study day begins at 4 am local time: who studies at 2 am still studies "today". */
const ROLL_OVER_HOUR = 4;

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** The latest moment that is counted with; before the end of JavaScript's dates, so that intervals can be added. */
const LATEST = 8.64e15 / 2;

/**
 * A moment on a clock that has no time zones, no daylight saving, and shows midnight at the roll-over. Days between
 * two moments are then whole days of study. Any number is taken, whatever a broken clock said.
 * @param now milliseconds since 1970.
 */
export function studyClock(now: number): number {
  const moment = new Date(Math.min(Math.max(now, 0), LATEST));
  const local = Date.UTC(
    moment.getFullYear(),
    moment.getMonth(),
    moment.getDate(),
    moment.getHours() - ROLL_OVER_HOUR,
    moment.getMinutes(),
    moment.getSeconds(),
    moment.getMilliseconds(),
  );
  return local;
}

/** The number of the study day that a moment on the study clock falls into. */
export function studyDay(clock: number): number {
  return Math.floor(clock / DAY);
}
