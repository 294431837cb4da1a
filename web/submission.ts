import { Value } from 'typebox/value';
import type { TSchema } from 'typebox';
import type { JobGraph } from '#runtime';
import type { FastifyRequest } from 'fastify';
import type { Multipart } from '@fastify/multipart';
import { MalformedRequestError } from './errors.js';
import { jobGraph, submissionRequest } from './schemas.js';

/** A job on its way in: its graph, and the blobs that the client found missing here. */
export interface Submission {
  readonly graph: JobGraph;
  readonly blobs: readonly Uint8Array[];
}

/**
 * Reads the multipart body of `POST /jobs`: the field `request` as Flink's clients send it, the file with the job graph
 * that it names, and files with blobs. Throws {@link MalformedRequestError}.
 */
export async function readSubmission(request: FastifyRequest): Promise<Submission> {
  if (!request.isMultipart()) throw new MalformedRequestError('the body is not multipart/form-data');
  const fields = new Map<string, string>();
  const files = new Map<string, Buffer>();
  for await (const part of request.parts()) await takePart(part, fields, files);
  const names = parseAs<{ jobGraphFileName: string }>(fields.get('request'), submissionRequest, 'request');
  const graph = parseAs<JobGraph>(files.get(names.jobGraphFileName)?.toString('utf8'), jobGraph, 'job graph');
  return { graph, blobs: [...files].filter(([name]) => name !== names.jobGraphFileName).map(([, bytes]) => bytes) };
}

async function takePart(part: Multipart, fields: Map<string, string>, files: Map<string, Buffer>): Promise<void> {
  if (part.type === 'file') files.set(part.filename, await part.toBuffer());
  else fields.set(part.fieldname, typeof part.value === 'string' ? part.value : JSON.stringify(part.value));
}

function parseAs<T>(text: string | undefined, schema: TSchema, what: string): T {
  if (text === undefined) throw new MalformedRequestError(`the ${what} is missing`);
  const value = parseJson(text, what);
  if (!Value.Check(schema, value)) {
    const [first] = Value.Errors(schema, value);
    throw new MalformedRequestError(`the ${what} is malformed${first ? ` at "${first.instancePath}": ${first.message}` : ''}`);
  }
  return value as T;
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedRequestError(`the ${what} is not JSON`, error);
  }
}
