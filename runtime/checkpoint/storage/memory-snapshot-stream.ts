import type { BytesHandle } from '../handles.js';
import type { SnapshotStream } from '../../state/snapshot-storage.js';
import { StateTooLargeError } from './errors.js';

/** Bytes of a snapshot that go to the JobManager with the acknowledgement. Throws {@link StateTooLargeError} when they are too many. */
export class MemorySnapshotStream implements SnapshotStream {
  #pieces: Uint8Array[] = [];
  #position = 0;

  constructor(private readonly limitBytes: number) {}

  get position(): number {
    return this.#position;
  }

  write(bytes: Uint8Array): undefined {
    this.#position += bytes.length;
    if (this.#position <= this.limitBytes) this.#pieces.push(bytes);
    else this.#pieces = [];
    return undefined;
  }

  /** Only here is the size known that the error tells. */
  close(): Promise<BytesHandle> {
    return new Promise((resolve) => {
      if (this.#position > this.limitBytes) throw new StateTooLargeError(this.#position, this.limitBytes);
      resolve({ kind: 'inline', bytes: united(this.#pieces, this.#position) });
    });
  }

  abort(): Promise<void> {
    this.#pieces = [];
    return Promise.resolve();
  }
}

/** The pieces as one run of bytes. */
export function united(pieces: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  const all = new Uint8Array(sizeBytes);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
