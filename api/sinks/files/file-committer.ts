import type { PendingFile, RecoverableWriter } from '#core';
import type { Committer, FinishStep } from '../../connector/sink.js';

/** Files renamed at the same time. */
const AT_ONCE = 16;

/** Gives part files their names, which makes them visible. */
export class FileCommitter implements Committer {
  constructor(private readonly writer: RecoverableWriter) {}

  async commit(committables: readonly unknown[]): Promise<void> {
    const files = committables as readonly PendingFile[];
    for (let next = 0; next < files.length; next += AT_ONCE) {
      await Promise.all(files.slice(next, next + AT_ONCE).map((file) => this.writer.commit(file)));
    }
  }

  finishSteps(committables: readonly unknown[]): readonly FinishStep[] {
    return (committables as readonly PendingFile[]).map(({ temporary, target }) => ({
      kind: 'rename',
      from: temporary,
      to: target,
      overwrite: false,
    }));
  }
}
