import { randomBytes } from 'node:crypto';
import { FlinkError } from './errors.js';

/** 32 hexadecimal digits naming a job, as in Flink. */
export type JobId = string & { readonly __brand: 'JobId' };
/** Names a TaskManager for its lifetime. */
export type TaskManagerId = string & { readonly __brand: 'TaskManagerId' };
/** Names a vertex of a job graph: 32 hexadecimal digits, stable between submissions of the same program. */
export type VertexId = string & { readonly __brand: 'VertexId' };
/** SHA-256 of a blob, as 64 hexadecimal digits. */
export type BlobKey = string & { readonly __brand: 'BlobKey' };

const HEX_32 = /^[0-9a-fA-F]{32}$/;

export function newJobId(): JobId {
  return randomBytes(16).toString('hex') as JobId;
}

export function newTaskManagerId(host: string): TaskManagerId {
  return `${host}-${randomBytes(4).toString('hex')}` as TaskManagerId;
}

/** The text is not a job id. */
export class InvalidJobIdError extends FlinkError {
  constructor(readonly text: string) {
    super({
      code: 'INVALID_JOB_ID',
      message: `Cannot parse JobID from "${text}". The expected format is [0-9a-fA-F]{32}, e.g. fd72014d4c864993a2e5a9287b4a9c5d.`,
      action: 'Take the job id from "flink-ts list".',
      blame: 'user',
    });
  }
}

/** Parses a job id as users type it. Throws {@link InvalidJobIdError}. */
export function parseJobId(text: string): JobId {
  if (!HEX_32.test(text)) throw new InvalidJobIdError(text);
  return text.toLowerCase() as JobId;
}
