import { createHash } from 'node:crypto';
import type { BlobKey } from '#core';

/** A program as one file, ready to be sent: "the jar". */
export interface SubmittedProgram {
  /** One ESM file with its source map inline; `flink-ts` is imported as `PUBLIC_ENTRY_SPECIFIER`. */
  readonly text: string;
  /** SHA-256 of the text: the name under which the cluster keeps it. */
  readonly sha256: BlobKey;
  /** The file as the user named it, for messages. */
  readonly file: string;
}

export function submittedProgram(text: string, file: string): SubmittedProgram {
  return { text, sha256: createHash('sha256').update(text).digest('hex') as BlobKey, file };
}
