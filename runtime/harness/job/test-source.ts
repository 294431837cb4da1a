import type { PollStatus, Source, SourceReader, SourceReaderContext, Split } from '#api';

interface Position extends Split {
  readonly next: number;
}

/**
 * A source whose records a test gives it, before or while the job runs, until it ends it. A job that is restored reads again from where its
 * checkpoint was.
 */
export class TestSource<T> implements Source<T> {
  readonly boundedness = 'unbounded';
  readonly parallel = false;
  readonly #records: { readonly value: T; readonly timestamp: number | undefined }[] = [];
  readonly #wake = new Set<() => void>();
  #ended = false;

  /** @param records to begin with. */
  constructor(...records: readonly T[]) {
    this.push(...records);
  }

  push(...records: readonly T[]): void {
    for (const value of records) this.#records.push({ value, timestamp: undefined });
    this.#awaken();
  }

  /** A record with its event time, ms since 1970 UTC. */
  pushAt(timestamp: number, value: T): void {
    this.#records.push({ value, timestamp });
    this.#awaken();
  }

  /** No record follows. */
  end(): void {
    this.#ended = true;
    this.#awaken();
  }

  createReader({ wake }: SourceReaderContext): SourceReader<T> {
    let next = 0;
    this.#wake.add(wake);
    return {
      poll: (output, maxRecords): PollStatus => {
        const end = Math.min(this.#records.length, next + maxRecords);
        while (next < end && !output.blocked) {
          const { value, timestamp } = this.#records[next++]!;
          output.emit(value, timestamp);
        }
        if (next < this.#records.length) return 'more';
        return this.#ended ? 'end' : 'idle';
      },
      addSplits: (splits) => {
        for (const split of splits as readonly Position[]) next = Math.max(next, split.next);
      },
      snapshot: (): readonly Position[] => [{ id: 'records', next }],
      close: () => {
        this.#wake.delete(wake);
      },
    };
  }

  #awaken(): void {
    for (const wake of this.#wake) wake();
  }
}
