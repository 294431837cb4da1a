import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, fileSystems, type KeyGroupRange } from '#core';
import type { KeyedStateHandle } from '../../../../runtime/checkpoint/handles.js';
import { FileSnapshotReader } from '../../../../runtime/checkpoint/storage/file-snapshot-reader.js';
import { BlockCache } from '../../../../runtime/state/lsm/block-cache.js';
import { CacheBudget } from '../../../../runtime/state/lsm/key-cache.js';
import { LsmKeyedBackend } from '../../../../runtime/state/lsm/lsm-keyed-backend.js';
import { SteppingClock } from '../../../support/stepping-clock.js';
import { ALL_GROUPS, MAX_PARALLELISM } from '../heap/backend-bench.js';

/** Backends with files in one directory, of so little memory that nearly nothing stays in it. */
export class LsmBackendBench {
  readonly directory = mkdtempSync(join(tmpdir(), 'lsm-backend-'));
  readonly #made: LsmKeyedBackend[] = [];

  constructor(
    private readonly cacheBytes = 1500,
    private readonly memtableBytes = 4096,
  ) {}

  readonly make = async (
    restored: readonly KeyedStateHandle[] = [],
    keyGroups: KeyGroupRange = ALL_GROUPS,
    clock: Clock = new SteppingClock(),
  ): Promise<LsmKeyedBackend> => {
    const request = {
      operatorId: '0123456789abcdef0123456789abcdef',
      operatorName: 'counter',
      subtaskIndex: 0,
      keyGroups,
      maxParallelism: MAX_PARALLELISM,
      clock,
      configuration: {},
      restored,
      reader: new FileSnapshotReader(fileSystems),
    };
    const memory = { memtableBytes: this.memtableBytes, blockCache: new BlockCache(64 * 1024), budget: new CacheBudget(this.cacheBytes) };
    const backend = await LsmKeyedBackend.create(request, { directories: [this.directory], slot: 'test', memory });
    this.#made.push(backend);
    return backend;
  };

  async close(): Promise<void> {
    for (const backend of this.#made.splice(0)) await backend.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
