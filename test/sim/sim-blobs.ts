import { type BlobKey, type JobId } from '#core';
import { blobKeyOf } from '../../runtime/blob/blob-store.js';
import type { JobManagerOptions } from '../../runtime/jobmanager/job-manager.js';
import type { TaskManagerOptions } from '../../runtime/taskmanager/task-manager.js';

/** The blobs of the JobManager, in memory. */
export class SimBlobStore {
  readonly #blobs = new Map<BlobKey, Uint8Array>();

  get store(): JobManagerOptions['blobs'] {
    const blobs = this.#blobs;
    return {
      put: (bytes) => {
        const key = blobKeyOf(bytes);
        blobs.set(key, bytes);
        return Promise.resolve(key);
      },
      has: (key) => blobs.has(key),
      hold: () => undefined,
      letGo: () => undefined,
      read: (key, offset, length) => Promise.resolve(blobs.get(key)!.subarray(offset, offset + length)),
      sizeOf: (key) => blobs.get(key)!.length,
      neighbourLost: () => undefined,
      close: () => Promise.resolve(),
    };
  }
}

/** Those of a TaskManager: fetched each time, and kept by nobody. */
export function simBlobs(): TaskManagerOptions['blobs'] {
  return {
    provide: async (key, _jobId, fetch) => {
      await fetch(key, 0);
    },
    store: { letGo: () => undefined, neighbourLost: () => undefined, close: () => Promise.resolve() },
  };
}

/** The program is in memory from the start; its URL says whose it is. */
export const simPrograms: TaskManagerOptions['programs'] = {
  localise: (key: BlobKey, jobId: JobId) => Promise.resolve(`sim:${jobId}/${key}`),
  remove: () => Promise.resolve(),
};
