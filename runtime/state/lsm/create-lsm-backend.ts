import { threadId } from 'node:worker_threads';
import {
  Configuration,
  stateBackendRocksdbBlockCacheBytes,
  stateBackendRocksdbCheckpointdir,
  stateBackendRocksdbMemoryFixedPerSlotBytes,
  stateBackendRocksdbMemoryManaged,
  stateBackendRocksdbWriteBufferBytes,
  taskManagerMemory,
  taskManagerNumberOfTaskSlots,
} from '#conf';
import type { CreateKeyedBackend } from '../create-keyed-backend.js';
import type { KeyedStateBackend } from '../keyed-state-backend.js';
import { LsmKeyedBackend } from './lsm-keyed-backend.js';
import { type BackendMemory, divideMemory } from './slot-memory.js';
import { slotName } from './state-directory.js';

/** Values as objects are only estimated: some of the memory is left for what they take beyond that. */
const MANAGED_PART = 0.75;

/** Of the backends of this thread, by its size. */
const memories = new Map<string, BackendMemory>();

/** Makes a "rocksdb" backend as the configuration says. The backends of a thread share their memory. */
export const createLsmBackend: CreateKeyedBackend = async (request): Promise<KeyedStateBackend> => {
  const configuration = Configuration.of(request.configuration);
  const directories = configuration.get(stateBackendRocksdbCheckpointdir);
  return await LsmKeyedBackend.create(request, { directories, slot: slotName(process.pid, threadId), memory: memoryOf(configuration) });
};

function memoryOf(configuration: Configuration): BackendMemory {
  const writeBufferBytes = configuration.get(stateBackendRocksdbWriteBufferBytes);
  const bytes = slotBytes(configuration, writeBufferBytes);
  const key = `${bytes} ${writeBufferBytes}`;
  let memory = memories.get(key);
  if (memory === undefined) memories.set(key, (memory = divideMemory(bytes, writeBufferBytes)));
  return memory;
}

function slotBytes(configuration: Configuration, writeBufferBytes: number): number {
  const fixed = configuration.get(stateBackendRocksdbMemoryFixedPerSlotBytes);
  if (fixed !== undefined) return fixed;
  if (!configuration.get(stateBackendRocksdbMemoryManaged)) {
    return configuration.get(stateBackendRocksdbBlockCacheBytes) + 2 * writeBufferBytes;
  }
  const slots = configuration.get(taskManagerNumberOfTaskSlots);
  return Math.floor((MANAGED_PART * taskManagerMemory(configuration).managedBytes) / slots);
}
