import type { BytesHandle } from '../checkpoint/handles.js';

/** Takes the bytes of one file of a snapshot, in order. */
export interface SnapshotStream {
  /**
   * Takes the bytes, which belong to the stream from then on. Answers a promise when the writer should wait before it gives more. Throws,
   * or rejects with, what went wrong with the file.
   */
  write(bytes: Uint8Array): Promise<void> | undefined;
  /** Bytes taken so far: where the next ones will stand. */
  readonly position: number;
  /** Brings everything out, durably, and answers where it is. */
  close(): Promise<BytesHandle>;
  /** Gives the file up and removes what there is of it. */
  abort(): Promise<void>;
}

/** Where the snapshot of one subtask for one checkpoint goes. */
export interface SnapshotStorage {
  /** `shared`: a later checkpoint may refer to it. */
  createStream(scope: 'exclusive' | 'shared'): SnapshotStream;
}

/** Reads what snapshots wrote, at any time and place. */
export interface SnapshotReader {
  /** All bytes from `from` to below `to`. */
  read(handle: BytesHandle, from: number, to: number): Promise<Uint8Array>;
}
