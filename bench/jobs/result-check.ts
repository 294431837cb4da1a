import { type JobExecutionResult, LongCounter, type RichFilterFunction, type RuntimeContext } from 'flink-ts';
import { mix } from '../generators/mixed-numbers.js';

/** What is compared of a result: a number of records, and a sum over them in which their order does not count. */
export interface ResultSummary {
  readonly records: number;
  readonly fingerprint: number;
}

/** 24 bits of a key and a value, so that a sum of 2^29 of them is still exact. */
export function fingerprint(key: number, value: number): number {
  return mix(key ^ mix(value)) >>> 8;
}

/** A number for a text (FNV-1a over its UTF-16 units). */
export function textHash(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** Lets every record pass, and sums up the fingerprints of all of them. */
export class EveryRecord<T> implements RichFilterFunction<T> {
  protected readonly records = new LongCounter();
  protected readonly fingerprints = new LongCounter();
  protected readonly keyOf: (record: T) => number;
  protected readonly numberOf: (record: T) => number;

  constructor(keyOf: (record: T) => number, numberOf: (record: T) => number) {
    this.keyOf = keyOf;
    this.numberOf = numberOf;
  }

  open(context: RuntimeContext): void {
    context.addAccumulator('records', this.records);
    context.addAccumulator('fingerprint', this.fingerprints);
  }

  filter(record: T): boolean {
    this.records.add(1);
    this.fingerprints.add(fingerprint(this.keyOf(record), this.numberOf(record)));
    return true;
  }
}

/** As {@link EveryRecord}, where a record of a key takes the place of the one before it. */
export class LatestOfEachKey<T> extends EveryRecord<T> {
  readonly #latest = new Map<number, number>();

  override filter(record: T): boolean {
    const key = this.keyOf(record);
    const print = fingerprint(key, this.numberOf(record));
    this.records.add(1);
    this.fingerprints.add(print - (this.#latest.get(key) ?? 0));
    this.#latest.set(key, print);
    return true;
  }
}

/** Fails the program when the job's result is not the expected one. */
export function expectResult({ accumulators }: JobExecutionResult, expected: ResultSummary): void {
  const { records, fingerprint: sum } = accumulators;
  if (records === expected.records && sum === expected.fingerprint) {
    process.stdout.write(`Result is right: ${expected.records} records, fingerprint ${expected.fingerprint}\n`);
    return;
  }
  throw new Error(
    `the job gave ${String(records)} records with the fingerprint ${String(sum)}, ` +
      `a plain loop ${expected.records} with ${expected.fingerprint}`,
  );
}
