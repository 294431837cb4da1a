import { type FileSystems, joinPath, type Logger, parentPath } from '#core';
import { bytesOfMetadata, segmentsOfMetadata, segmentsOfSnapshot } from './handle-walk.js';
import type { SegmentHandle, SubtaskSnapshot } from './handles.js';
import { FileRemover } from './file-remover.js';
import type { CheckpointMetadata } from './metadata.js';
import { SegmentReferences } from './segment-references.js';
import { METADATA_FILE } from './storage/directories.js';
import { writeMetadata } from './storage/metadata-files.js';

/** Where a checkpoint lies. */
export interface CheckpointLocation {
  /** Files of this checkpoint alone; undefined: there are none. */
  readonly dataDirectory: string | undefined;
  /** Where `_metadata` is; undefined: nowhere but in the JobManager. */
  readonly metadataDirectory: string | undefined;
}

/** What becomes of the files when the job needs them no longer. */
export type Ownership =
  /** Made by this job, in directories of its own. */
  | 'own'
  /** Taken over by the job that was started from it: deleted piece by piece, since its directory may hold files that are still needed. */
  | 'claimed'
  /** The user's: never deleted. */
  | 'foreign';

export interface CompletedCheckpoint {
  readonly metadata: CheckpointMetadata;
  readonly location: CheckpointLocation;
  readonly ownership: Ownership;
}

export interface CompletedCheckpointsParts {
  readonly files: FileSystems;
  readonly logger: Logger;
  readonly numRetained: number;
  /** Checkpoints that have neither completed nor been aborted. */
  underWay(): Iterable<number>;
  onDiscarded(checkpointId: number): void;
}

/** The complete checkpoints of a job that it can be restored from, oldest first, and the files that they need. */
export class CompletedCheckpoints {
  readonly #parts: CompletedCheckpointsParts;
  readonly #segments: SegmentReferences;
  readonly #remover: FileRemover;
  readonly #writing = new Set<Promise<void>>();
  /** Emptied bit by bit. */
  readonly #claimedDirectories = new Set<string>();
  #retained: readonly CompletedCheckpoint[] = [];

  constructor(parts: CompletedCheckpointsParts) {
    this.#parts = parts;
    this.#remover = new FileRemover(parts.files, parts.logger);
    this.#segments = new SegmentReferences((segment) => {
      this.#removeBytes(segment);
    });
  }

  get retained(): readonly CompletedCheckpoint[] {
    return this.#retained;
  }
  get latest(): CompletedCheckpoint | undefined {
    return this.#retained.at(-1);
  }

  /** Segments that were not written for the checkpoint itself and that no complete checkpoint has. */
  unknownSegments(snapshot: SubtaskSnapshot): readonly SegmentHandle[] {
    return segmentsOfSnapshot(snapshot).filter(({ id, fresh }) => !fresh && !this.#segments.has(id));
  }

  /** Brings the metadata out; the checkpoint is not complete before `add`. */
  async write(metadata: CheckpointMetadata, { metadataDirectory }: CheckpointLocation): Promise<void> {
    if (metadataDirectory === undefined) return;
    const writing = writeMetadata(metadata, metadataDirectory, this.#parts.files);
    this.#writing.add(writing);
    try {
      await writing;
    } finally {
      this.#writing.delete(writing);
    }
  }

  /** The checkpoint is complete: from now on it is the latest, and those it makes superfluous are discarded. */
  add(checkpoint: CompletedCheckpoint): void {
    this.#segments.add(segmentsOfMetadata(checkpoint.metadata), checkpoint.ownership !== 'foreign');
    this.#retained = [...this.#retained, checkpoint];
    const surplus = this.#retained.slice(0, -this.#parts.numRetained);
    this.#retained = this.#retained.slice(-this.#parts.numRetained);
    for (const old of surplus) this.#discard(old);
  }

  /** It cannot be restored from, and stays where it is for people to look at. */
  forget(checkpointId: number): void {
    this.#retained = this.#retained.filter(({ metadata }) => metadata.checkpointId !== checkpointId);
  }

  /** The checkpoint is complete and added, or will never be. */
  settled(checkpointId: number): void {
    this.#segments.settled(checkpointId);
  }

  /** What a subtask wrote for a checkpoint that will not be complete. */
  discardSnapshot(snapshot: SubtaskSnapshot): void {
    for (const segment of segmentsOfSnapshot(snapshot)) {
      if (segment.fresh && !this.#segments.has(segment.id)) this.#removeBytes(segment);
    }
    for (const { lists } of Object.values(snapshot.operators)) {
      for (const { elements } of Object.values(lists)) if (elements.kind === 'file') this.#remover.remove(elements.path);
    }
    if (snapshot.inFlight?.bytes.kind === 'file') this.#remover.remove(snapshot.inFlight.bytes.path);
  }

  /** The directories of a checkpoint that will not be complete. */
  discardLocation({ dataDirectory, metadataDirectory }: CheckpointLocation): void {
    for (const directory of new Set([dataDirectory, metadataDirectory])) {
      if (directory !== undefined) this.#remover.remove(directory, { recursive: true });
    }
  }

  /** None of them is needed any more. @param roots directories of the job, which go with all they hold. */
  discardAll(roots: readonly string[]): void {
    const all = this.#retained;
    this.#retained = [];
    for (const checkpoint of all) this.#discard(checkpoint);
    for (const root of new Set(roots)) this.#remover.remove(root, { recursive: true });
  }

  /** Ends when what is being written is there, and all files that were given up so far are gone. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#writing);
    await this.#remover.idle();
  }

  #discard({ metadata, location, ownership }: CompletedCheckpoint): void {
    const segments = segmentsOfMetadata(metadata);
    this.#segments.release(segments, this.#parts.underWay());
    if (ownership === 'own') this.discardLocation(location);
    if (ownership === 'claimed') this.#discardPieces(metadata, location);
    this.#parts.onDiscarded(metadata.checkpointId);
  }

  #discardPieces(metadata: CheckpointMetadata, { dataDirectory, metadataDirectory }: CheckpointLocation): void {
    const kept = new Set(segmentsOfMetadata(metadata).map(({ bytes }) => bytes));
    for (const bytes of bytesOfMetadata(metadata)) if (bytes.kind === 'file' && !kept.has(bytes)) this.#remover.remove(bytes.path);
    if (metadataDirectory !== undefined) this.#remover.remove(joinPath(metadataDirectory, METADATA_FILE));
    for (const directory of new Set([dataDirectory, metadataDirectory])) {
      if (directory === undefined) continue;
      this.#claimedDirectories.add(directory);
      this.#remover.removeIfEmpty(directory);
    }
  }

  #removeBytes({ bytes }: SegmentHandle): void {
    if (bytes.kind !== 'file') return;
    this.#remover.remove(bytes.path);
    const directory = parentPath(bytes.path);
    if (this.#claimedDirectories.has(directory)) this.#remover.removeIfEmpty(directory);
  }
}
