import { FlinkError } from '#core';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ResourceNotFoundError } from './errors.js';

/** What a REST error holds beside Flink's list of texts: enough for our client to raise the same error again. */
export interface ErrorDetails {
  readonly name: string;
  readonly code: string;
  readonly action: string;
  readonly blame: string;
  readonly retriable: boolean;
}

export interface ErrorBody {
  readonly errors: readonly string[];
  readonly details?: readonly ErrorDetails[];
}

const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  JOB_NOT_FOUND: 404,
  JOB_LOST: 404,
  RESOURCE_NOT_FOUND: 404,
  ENTITY_NOT_FOUND: 404,
  LOG_NOT_FOUND: 404,
  DUPLICATE_JOB: 409,
  JOB_ALREADY_ENDED: 409,
  JOB_ALREADY_EXISTS: 409,
};

/** Answers an error in Flink's form, without a stack trace. */
export function sendError(error: unknown, reply: FastifyReply): FastifyReply {
  return reply.status(statusOf(error)).send(errorBody(error));
}

export function sendNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendError(new ResourceNotFoundError(request.url), reply);
}

function statusOf(error: unknown): number {
  if (error instanceof FlinkError) return STATUS_OF_CODE[error.code] ?? (error.blame === 'user' ? 400 : 500);
  const { statusCode } = error as Partial<FastifyError>;
  return statusCode !== undefined && statusCode >= 400 ? statusCode : 500;
}

function errorBody(error: unknown): ErrorBody {
  if (!(error instanceof Error)) return { errors: [String(error)] };
  if (!(error instanceof FlinkError)) return { errors: [error.message] };
  const { name, code, action, blame, retriable } = error;
  return { errors: [error.message], details: [{ name, code, action, blame, retriable }] };
}
