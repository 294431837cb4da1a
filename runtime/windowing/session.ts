/** Its length is to the end of the session, that is with the gap. An array, so that what it is made of is seen at a glance. */
export type Session = [startMs: number, lengthMs: number, accumulator: unknown];

/** Places of the parts. */
export const START = 0;
export const LENGTH = 1;

/** The end of the session, that is with the gap; ms since 1970 UTC. */
export function endOf([start, length]: Session): number {
  return start + length;
}
