import { spread } from '../slot-index.js';

const FNV_START = 0x811c9dc5 | 0;

/** Says how many of the first bytes of a key name the group it is scanned with; the length of the key when it is in no group. */
export type GroupLength = (bytes: Uint8Array, from: number, to: number) => number;

/** No key is in a group. */
export const noGroups: GroupLength = (_bytes, from, to) => to - from;

/** A hash of the bytes from `from` to below `to`, an int32 with all its bits well spread (FNV-1a and a finaliser). */
export function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let hash = FNV_START;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return spread(hash);
}

/** Below 0, 0 or above 0, as the first run of bytes sorts before, with or after the second. */
export function compareBytes(a: Uint8Array, aFrom: number, aTo: number, b: Uint8Array, bFrom: number, bTo: number): number {
  const shared = Math.min(aTo - aFrom, bTo - bFrom);
  for (let i = 0; i < shared; i++) {
    const difference = a[aFrom + i]! - b[bFrom + i]!;
    if (difference !== 0) return difference;
  }
  return aTo - aFrom - (bTo - bFrom);
}

/** Whether the first run of bytes begins with the second. */
export function startsWith(a: Uint8Array, aFrom: number, aTo: number, b: Uint8Array, bFrom: number, bTo: number): boolean {
  const length = bTo - bFrom;
  if (aTo - aFrom < length) return false;
  for (let i = 0; i < length; i++) if (a[aFrom + i] !== b[bFrom + i]) return false;
  return true;
}

/** Runs of bytes from this length on are copied by the platform, whose call costs as much as copying these one by one. */
const LONG_COPY = 48;

export function copyBytes(source: Uint8Array, from: number, to: number, target: Uint8Array, at: number): void {
  if (to - from >= LONG_COPY) target.set(source.subarray(from, to), at);
  else for (let i = from, j = at; i < to; i++, j++) target[j] = source[i]!;
}
