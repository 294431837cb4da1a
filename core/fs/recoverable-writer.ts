/** Where a file that is being written stood when it was last brought out. Plain data, for snapshots. */
export interface RecoverablePosition {
  /** Absolute URI under which the file is to be seen in the end. */
  readonly target: string;
  /** Absolute URI under which it is written, in the same directory. */
  readonly temporary: string;
  readonly positionBytes: number;
}

/** A file that is whole and durable, and only has to get its name. Plain data, for snapshots. */
export interface PendingFile {
  readonly target: string;
  readonly temporary: string;
  readonly sizeBytes: number;
}

/** A file being written that can be gone on with after a crash. Calls come one after the other. */
export interface RecoverableFile {
  readonly positionBytes: number;
  write(bytes: Uint8Array): Promise<void>;
  /** Brings everything written to stable storage: from here `recover` goes on. The file stays open. */
  persist(): Promise<RecoverablePosition>;
  /** Brings everything out and ends the file, which is not visible under its target before `commit`. */
  closeForCommit(): Promise<PendingFile>;
  /** Gives up the file and leaves on disk what there is, for whoever recovers it later. */
  close(): Promise<void>;
}

/** Writes files exactly once: what is written shows under its target whole, or not at all, through any number of crashes. */
export interface RecoverableWriter {
  /** Makes the directories above the file, too. Throws `FileExistsError` when the temporary file exists. */
  open(target: string, temporary: string): Promise<RecoverableFile>;
  /**
   * Goes on at a position: what was written behind it is cut off. May be called again with the same position after another crash. Throws
   * `LostFileError` when the file is shorter, or gone.
   */
  recover(position: RecoverablePosition): Promise<RecoverableFile>;
  /**
   * Gives the file its target's name, atomically. Idempotent. Throws `LostFileError` when there is neither file, or one of another size;
   * `FileExistsError` when another file has the name.
   */
  commit(file: PendingFile): Promise<void>;
}
