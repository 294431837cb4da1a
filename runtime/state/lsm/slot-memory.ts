import { BlockCache } from './block-cache.js';
import { CacheBudget } from './key-cache.js';

const MIB = 1024 * 1024;

/** The memory that a backend works with. */
export interface BackendMemory {
  /** Of one memtable; there are about two. */
  readonly memtableBytes: number;
  /** Blocks of files; shared by the backends of a slot. */
  readonly blockCache: BlockCache;
  /** Keys and values as objects; shared likewise. */
  readonly budget: CacheBudget;
}

/**
 * Divides memory: most of it holds values as they are used; memtables are large enough that files are not too many; blocks of files are
 * in the page cache of the operating system anyway.
 *
 * @param memtableBytes at most.
 */
export function divideMemory(bytes: number, memtableBytes = 64 * MIB): BackendMemory {
  const memtable = clamp(bytes / 8, MIB / 4, memtableBytes);
  const blocks = clamp(bytes / 4, MIB / 4, 512 * MIB);
  const values = Math.max(MIB, bytes - 2 * memtable - blocks);
  return { memtableBytes: memtable, blockCache: new BlockCache(blocks), budget: new CacheBudget(values) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.floor(Math.min(most, Math.max(least, value)));
}
