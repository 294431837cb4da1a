import { TwoPhaseCommitSinkFunction } from '#api';

/** What a job has brought out for certain: the records of committed transactions, in the order in which they were. */
export class RecordStore<T> {
  readonly committed: T[] = [];
  readonly #open = new Map<number, T[]>();
  #begun = 0;

  begin(): number {
    this.#open.set(++this.#begun, []);
    return this.#begun;
  }

  add(transaction: number, record: T): void {
    this.#open.get(transaction)?.push(record);
  }

  commit(transaction: number): void {
    for (const record of this.#open.get(transaction) ?? []) this.committed.push(record);
    this.#open.delete(transaction);
  }

  abort(transaction: number): void {
    this.#open.delete(transaction);
  }
}

/** Puts each record into the store exactly once, whatever happens to the job. */
export class CommittedRecords<T> extends TwoPhaseCommitSinkFunction<T, number> {
  constructor(private readonly store: RecordStore<T>) {
    super();
  }

  override beginTransaction(): number {
    return this.store.begin();
  }

  override invoke(transaction: number, value: T): void {
    this.store.add(transaction, value);
  }

  override preCommit(): void {
    // it is in memory, as safe as it will ever be
  }

  override commit(transaction: number): void {
    this.store.commit(transaction);
  }

  override abort(transaction: number): void {
    this.store.abort(transaction);
  }
}
