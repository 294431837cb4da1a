import { crc32 } from 'node:zlib';
import { CorruptDataError, FlinkError, ValueReader, ValueWriter } from '#core';
import type { BytesHandle, ListMode, ListStateHandle, ListStatePart } from '../checkpoint/handles.js';
import type { OperatorListState, OperatorStateStore } from './operator-state-store.js';
import { DamagedStateError } from './segment/errors.js';
import type { SnapshotReader, SnapshotStorage } from './snapshot-storage.js';

/** A list of operator state was asked for in two ways. */
export class InvalidStateModeError extends FlinkError {
  constructor(
    readonly state: string,
    readonly mode: ListMode,
    readonly wanted: ListMode,
  ) {
    super({
      code: 'INVALID_STATE_MODE',
      message: `operator state "${state}" is given out by "${mode}" and cannot be by "${wanted}"`,
      action: 'Ask for it in one way only, or give it another name.',
      blame: 'user',
    });
  }
}

/** Elements in memory. */
class ElementList<T> implements OperatorListState<T> {
  elements: T[] = [];

  constructor(readonly mode: ListMode) {}

  get(): readonly T[] {
    return [...this.elements];
  }

  add(value: T): void {
    this.elements.push(value);
  }

  addAll(values: Iterable<T>): void {
    this.elements.push(...values);
  }

  update(values: Iterable<T>): void {
    this.elements = [...values];
  }

  clear(): void {
    this.elements = [];
  }
}

/** Operator state in memory: small, and written whole each time. */
export class OperatorLists implements OperatorStateStore {
  readonly #lists = new Map<string, ElementList<unknown>>();

  /** With what is restored; lists that the program does not ask for are kept and written again. Throws `DamagedStateError`. */
  static async restore(parts: Readonly<Record<string, readonly ListStatePart[]>>, reader: SnapshotReader): Promise<OperatorLists> {
    const lists = new OperatorLists();
    for (const [name, ofName] of Object.entries(parts)) {
      const [first] = ofName;
      if (first === undefined) continue;
      const list = lists.list(name, first.handle.mode);
      for (const part of ofName) list.addAll(await elementsOf(part, reader));
    }
    return lists;
  }

  list<T>(name: string, mode: ListMode): OperatorListState<T> {
    const known = this.#lists.get(name);
    if (known !== undefined && known.mode !== mode) throw new InvalidStateModeError(name, known.mode, mode);
    const list = known ?? new ElementList<unknown>(mode);
    this.#lists.set(name, list);
    return list as OperatorListState<T>;
  }

  snapshot(): (storage: SnapshotStorage) => Promise<Readonly<Record<string, ListStateHandle>>> {
    const encoded = [...this.#lists].map(([name, { mode, elements }]) => ({
      name,
      mode,
      count: elements.length,
      bytes: encode(name, elements),
    }));
    return async (storage) => {
      const handles: Record<string, ListStateHandle> = {};
      for (const { name, mode, count, bytes } of encoded) {
        handles[name] = { mode, count, elements: await written(bytes, storage), crc32: crc32(bytes) };
      }
      return handles;
    };
  }
}

function encode(name: string, elements: readonly unknown[]): Uint8Array {
  const all = new ValueWriter();
  const one = new ValueWriter();
  all.path = one.path = `operator state "${name}"`;
  for (const element of elements) {
    one.reset();
    one.value(element);
    const bytes = one.written();
    all.varint(bytes.length);
    all.raw(bytes);
  }
  return Uint8Array.from(all.written());
}

async function written(bytes: Uint8Array, storage: SnapshotStorage): Promise<BytesHandle> {
  const stream = storage.createStream('exclusive');
  try {
    await stream.write(bytes);
    return await stream.close();
  } catch (error) {
    await stream.abort();
    throw error;
  }
}

/** The elements of a part, decoded. */
export async function elementsOf({ handle, from, to }: ListStatePart, reader: SnapshotReader): Promise<unknown[]> {
  const { elements } = handle;
  const size = elements.kind === 'inline' ? elements.bytes.length : elements.sizeBytes;
  const bytes = await reader.read(elements, 0, size);
  const path = elements.kind === 'file' ? elements.path : 'the metadata of a checkpoint';
  if (handle.crc32 !== undefined && crc32(bytes) !== handle.crc32) {
    throw new DamagedStateError(path, 'its checksum does not fit its contents');
  }
  try {
    return decode(bytes, from, to);
  } catch (error) {
    throw error instanceof CorruptDataError ? new DamagedStateError(path, error.message, error) : error;
  }
}

function decode(bytes: Uint8Array, from: number, to: number): unknown[] {
  const values = new ValueReader().attach(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const taken: unknown[] = [];
  for (let index = 0; index < to; index++) {
    values.varint();
    const value = values.value();
    if (index >= from) taken.push(value);
  }
  return taken;
}
