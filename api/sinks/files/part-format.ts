import type { BulkWriterFactory, Encoder } from './encoder.js';
import type { PartFile } from './part-file.js';

/** Puts the records of one part file into it. */
export interface PartContent<T> {
  add(value: T): void;
  /** Adds what stands at the end of the file. */
  finish(): void | Promise<void>;
}

/** How records become the bytes of part files. */
export type PartFormat<T> = (part: PartFile) => PartContent<T>;

export function rowFormat<T>(encoder: Encoder<T>): PartFormat<T> {
  return (part) => ({
    add: (value) => {
      const encoded = encoder.encode(value);
      if (typeof encoded === 'string') part.addText(encoded);
      else part.addBytes(encoded);
    },
    finish: () => undefined,
  });
}

export function bulkFormat<T>(factory: BulkWriterFactory<T>): PartFormat<T> {
  return (part) => {
    const writer = factory.create({
      write: (bytes) => {
        part.addBytes(bytes);
      },
    });
    return {
      add: (value) => {
        writer.addElement(value);
      },
      finish: () => writer.finish(),
    };
  };
}
