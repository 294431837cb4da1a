import type { Memtable } from './memtable.js';
import { NodeOrder } from './node-order.js';
import type { RunWriter } from './run-writer.js';

/** Bytes between two pauses. */
const STEP_BYTES = 8192;
/** What an entry costs besides its bytes. */
export const ENTRY_BYTES = 48;

/**
 * Writes a memtable out, in the order of its keys. Pauses often, each time with about the bytes it has handled since; `keepDeleted` is
 * false when there is nothing older that a deletion could hide.
 */
export function* flush(table: Memtable, writer: RunWriter, keepDeleted: boolean): Generator<number, undefined> {
  for (let bucket = table.nextBucket(0); bucket < 0x10000; bucket = table.nextBucket(bucket + 1)) {
    const steps = NodeOrder.of(table, table.firstInBucket(bucket), (node) => table.nextInBucket(node));
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) yield STEP_BYTES * 4;
    yield* writeNodes(table, step.value, writer, keepDeleted);
  }
}

function* writeNodes(table: Memtable, order: NodeOrder, writer: RunWriter, keepDeleted: boolean): Generator<number, undefined> {
  let handled = 0;
  for (let node = order.take(); node !== 0; node = order.take()) {
    const deleted = table.deleted(node);
    const end = table.valueEnd(node);
    const start = deleted ? -1 : table.valueStart(node);
    if (!deleted || keepDeleted) {
      writer.add(table.hashOf(node), table.bytes, table.keyStart(node), table.keyEnd(node), table.bytes, start, end);
    }
    handled += ENTRY_BYTES + (deleted ? 0 : end - start);
    if (handled < STEP_BYTES) continue;
    yield handled;
    handled = 0;
  }
  return undefined;
}
