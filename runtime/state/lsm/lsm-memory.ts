const MIB = 1024 * 1024;

/** How the memory of a backend is divided. */
export interface LsmMemory {
  /** Of one memtable; there are about two. */
  readonly memtableBytes: number;
  /** Blocks of files. */
  readonly blockCacheBytes: number;
  /** Keys and values as objects. */
  readonly cacheBytes: number;
}

/**
 * Divides memory: most of it holds values as they are used; memtables are large enough that files are not too many; blocks of files are in the
 * page cache of the operating system anyway.
 */
export function divideMemory(bytes: number): LsmMemory {
  const memtableBytes = clamp(bytes / 8, MIB / 4, 64 * MIB);
  const blockCacheBytes = clamp(bytes / 32, MIB / 4, 64 * MIB);
  return { memtableBytes, blockCacheBytes, cacheBytes: Math.max(MIB, bytes - 2 * memtableBytes - blockCacheBytes) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.floor(Math.min(most, Math.max(least, value)));
}
