import { InvalidMaxParallelismError } from './errors.js';
import { hashKey } from './hash-key.js';

/** Max parallelism is at most this, as in Flink. */
export const MAX_KEY_GROUPS = 32_768;
const MIN_DEFAULT_KEY_GROUPS = 128;

/** Key groups from `first` to `last`, both included; empty when `first > last`. */
export interface KeyGroupRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Murmur3 of one word with its finaliser, made non-negative: the function that Flink's key groups are computed with
 * (Austin Appleby's MurmurHash3; Flink 1.20 `MathUtils.murmurHash`), so that equal hashes give equal key groups here and there.
 */
export function murmurHash(hash: number): number {
  let h = Math.imul(hash, 0xcc9e2d51);
  h = (h << 15) | (h >>> 17);
  h = Math.imul(h, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  h = (Math.imul(h, 5) + 0xe6546b64) ^ 4;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= h >>> 16;
  if (h >= 0) return h;
  return h === -2_147_483_648 ? 0 : -h;
}

/** The key group of a key: from 0 to `maxParallelism - 1`. Throws `InvalidKeyError`. */
export function keyGroupOf(key: unknown, maxParallelism: number): number {
  const hash = murmurHash(typeof key === 'number' && (key | 0) === key ? key | 0 : hashKey(key));
  // Mostly it is a power of two, where the remainder is a mask, and a division would be half of the cost.
  return (maxParallelism & (maxParallelism - 1)) === 0 ? hash & (maxParallelism - 1) : hash % maxParallelism;
}

/** The subtask that owns a key group. */
export function subtaskOfKeyGroup(keyGroup: number, maxParallelism: number, parallelism: number): number {
  return Math.floor((keyGroup * parallelism) / maxParallelism);
}

/** The key groups that a subtask owns. */
export function keyGroupRange(subtask: number, maxParallelism: number, parallelism: number): KeyGroupRange {
  return {
    first: Math.floor((subtask * maxParallelism + parallelism - 1) / parallelism),
    last: Math.floor(((subtask + 1) * maxParallelism - 1) / parallelism),
  };
}

/** The max parallelism of an operator that sets none: 1.5 times its parallelism rounded up to a power of two, from 128 to 32768. */
export function defaultMaxParallelism(parallelism: number): number {
  const wanted = parallelism + Math.floor(parallelism / 2);
  const powerOfTwo = wanted <= 1 ? 1 : 2 ** (32 - Math.clz32(wanted - 1));
  return Math.min(Math.max(powerOfTwo, MIN_DEFAULT_KEY_GROUPS), MAX_KEY_GROUPS);
}

/** Throws `InvalidMaxParallelismError` unless `1 <= parallelism <= maxParallelism <= 32768`. */
export function checkMaxParallelism(parallelism: number, maxParallelism: number): void {
  const possible = Number.isInteger(maxParallelism) && maxParallelism >= 1 && maxParallelism <= MAX_KEY_GROUPS;
  if (!possible || parallelism > maxParallelism) throw new InvalidMaxParallelismError(parallelism, maxParallelism);
}
