import {
  commitFile,
  LostFileError,
  parentPath,
  statusIfThere,
  type FileSystem,
  type PendingFile,
  type RecoverableFile,
  type RecoverablePosition,
  type RecoverableWriter,
} from '#core';
import { HdfsWritableFile } from './hdfs-writable-file.js';
import type { NameNodeClient } from './name-node-client.js';
import { truncate } from './recovered-files.js';

/** Longer than HDFS leaves a file to a writer that is gone (60 s) and takes to close it. */
const RECOVERY_MS = 120_000;

/** Exactly-once files of HDFS: written under a temporary name, cut off and appended to after a crash, renamed to be seen. */
export class HdfsRecoverableWriter implements RecoverableWriter {
  constructor(
    private readonly fileSystem: FileSystem,
    private readonly client: () => Promise<NameNodeClient>,
  ) {}

  async open(target: string, temporary: string): Promise<RecoverableFile> {
    await this.fileSystem.makeDirectories(parentPath(temporary));
    const file = (await this.fileSystem.create(temporary, { overwrite: false })) as HdfsWritableFile;
    return new HdfsRecoverableFile(target, temporary, file);
  }

  async recover({ target, temporary, positionBytes }: RecoverablePosition): Promise<RecoverableFile> {
    const status = await statusIfThere(this.fileSystem, temporary);
    if (status === undefined) throw new LostFileError(temporary, positionBytes, undefined);
    if (status.sizeBytes < positionBytes) throw new LostFileError(temporary, positionBytes, status.sizeBytes);
    const client = await this.client();
    await truncate(client, temporary, positionBytes, RECOVERY_MS);
    return new HdfsRecoverableFile(target, temporary, HdfsWritableFile.append(client, temporary, positionBytes));
  }

  async commit(file: PendingFile): Promise<void> {
    await commitFile(this.fileSystem, file, () => this.fileSystem.rename(file.temporary, file.target));
  }
}

class HdfsRecoverableFile implements RecoverableFile {
  constructor(
    private readonly target: string,
    private readonly temporary: string,
    private readonly file: HdfsWritableFile,
  ) {}

  get positionBytes(): number {
    return this.file.positionBytes;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.file.write(bytes);
  }

  async persist(): Promise<RecoverablePosition> {
    await this.file.sync();
    return { target: this.target, temporary: this.temporary, positionBytes: this.positionBytes };
  }

  async closeForCommit(): Promise<PendingFile> {
    await this.file.close();
    return { target: this.target, temporary: this.temporary, sizeBytes: this.positionBytes };
  }

  /** Brought out as far as it goes, as a local file would be; that it does not go further is no matter here. */
  async close(): Promise<void> {
    await this.file.close().catch(() => {
      this.file.abort();
    });
  }
}
