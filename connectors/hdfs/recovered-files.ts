import { FlinkError } from '#core';
import { DataNodeExclusions } from './data-node-exclusions.js';
import { HdfsBrokenStreamError, HdfsRemoteError } from './errors.js';
import { pause, type NameNodeClient } from './name-node-client.js';
import { isBeingRecovered } from './remote-exception.js';
import { Upload } from './upload.js';

const PAUSE_MS = 100;

/**
 * Waits until no other writer holds the file, by appending nothing to it: a DataNode that misses the connection of a writer closes the
 * file; one that died itself does not, and HDFS takes the file from it after a minute.
 */
export async function awaitReleased(client: NameNodeClient, path: string, timeoutMs: number): Promise<void> {
  const startedAt = performance.now();
  const exclusions = new DataNodeExclusions();
  for (;;) {
    const url = await client.locate({ method: 'POST', op: 'APPEND', path, wanted: 'append to', parameters: exclusions.parameters });
    try {
      const upload = await Upload.begin(path, 'POST', url);
      await upload.finish();
      return;
    } catch (error) {
      const waiting = performance.now() - startedAt < timeoutMs;
      if (!waiting || (isRefusal(error) && !isHeld(error))) throw error;
      if (!isRefusal(error)) await exclusions.add(url);
    }
    await pause(PAUSE_MS);
  }
}

/** HDFS said no; else a connection broke. */
function isRefusal(error: unknown): boolean {
  return error instanceof FlinkError && !(error instanceof HdfsBrokenStreamError);
}

function isHeld(error: unknown): boolean {
  if (!(error instanceof HdfsRemoteError)) return false;
  return isBeingRecovered({ exception: error.exception, javaClassName: '', message: error.reason });
}

/** Cuts a file off; waits until its last writer is gone, and until HDFS has done it. */
export async function truncate(client: NameNodeClient, path: string, lengthBytes: number, timeoutMs: number): Promise<void> {
  const endsAt = performance.now() + timeoutMs;
  for (;;) {
    const recoveryMs = Math.max(endsAt - performance.now(), 1);
    const parameters = { newlength: lengthBytes };
    // "false" says that the last block is being cut on its DataNodes; asked again, the answer is "true" once that is done.
    const { body } = await client.call({ method: 'POST', op: 'TRUNCATE', path, wanted: 'truncate', parameters, recoveryMs });
    if ((body as { boolean?: boolean } | undefined)?.boolean === true) return;
    await pause(PAUSE_MS);
  }
}
