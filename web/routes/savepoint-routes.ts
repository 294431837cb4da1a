import { parseJobId } from '#core';
import { NoSavepointDirectoryError, type SavepointOptions } from '#runtime';
import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import type { Operations } from '../operations.js';
import type { RestContext } from '../rest-context.js';
import type { operationParams } from '../schemas.js';
import { checkpointBody, disposalBody, jobParams, savepointBody, stopBody } from '../schemas.js';

interface JobRequest {
  Params: Static<typeof jobParams>;
}
interface OperationRequest {
  Params: Static<typeof operationParams>;
}

const SAVEPOINTS = 'savepoints';

/** Savepoints and checkpoints that clients ask for: each answers at once with an id, by which its outcome is asked for. */
export function savepointRoutes(app: FastifyInstance, context: RestContext, operations: Operations): void {
  triggerRoutes(app, context, operations);
  legacyRoutes(app, context, operations);
  disposalRoutes(app, context, operations);
  app.get<OperationRequest>('/jobs/:jobid/savepoints/:triggerid', ({ params }) =>
    operations.view(`${SAVEPOINTS} ${params.jobid}`, params.triggerid),
  );
  app.get<OperationRequest>('/jobs/:jobid/checkpoints/:triggerid', ({ params }) =>
    operations.view(`checkpoints ${params.jobid}`, params.triggerid),
  );
}

/** Begins a savepoint; an unknown job, or one of which there can be none, is told at once. */
function beginSavepoint(
  { gateway }: RestContext,
  operations: Operations,
  jobid: string,
  options: SavepointOptions,
  triggerId?: string,
): string {
  const jobId = parseJobId(jobid);
  const { savepointDirectory } = gateway.checkpoints(jobId).settings;
  if (!options.targetDirectory && !savepointDirectory) throw new NoSavepointDirectoryError();
  const work = async (): Promise<Readonly<Record<string, unknown>>> => ({ location: await gateway.triggerSavepoint(jobId, options) });
  return operations.begin(`${SAVEPOINTS} ${jobid}`, triggerId, work, 'failure-cause');
}

function triggerRoutes(app: FastifyInstance, context: RestContext, operations: Operations): void {
  app.post<JobRequest & { Body: Static<typeof savepointBody> | undefined }>(
    '/jobs/:jobid/savepoints',
    { schema: { params: jobParams, body: savepointBody } },
    async ({ params, body }, reply) => {
      const then = body?.['cancel-job'] === true ? 'cancel' : undefined;
      const options = { targetDirectory: body?.['target-directory'] ?? undefined, then } as const;
      return reply
        .status(202)
        .send({ 'request-id': beginSavepoint(context, operations, params.jobid, options, body?.triggerId ?? undefined) });
    },
  );
  app.post<JobRequest & { Body: Static<typeof stopBody> | undefined }>(
    '/jobs/:jobid/stop',
    { schema: { params: jobParams, body: stopBody } },
    async ({ params, body }, reply) => {
      const then = body?.drain === true ? 'drain' : 'suspend';
      const options = { targetDirectory: body?.targetDirectory ?? undefined, then } as const;
      return reply
        .status(202)
        .send({ 'request-id': beginSavepoint(context, operations, params.jobid, options, body?.triggerId ?? undefined) });
    },
  );
  app.post<JobRequest & { Body: Static<typeof checkpointBody> | undefined }>(
    '/jobs/:jobid/checkpoints',
    { schema: { params: jobParams, body: checkpointBody } },
    async ({ params, body }, reply) => {
      const jobId = parseJobId(params.jobid);
      context.gateway.job(jobId);
      const work = async (): Promise<Readonly<Record<string, unknown>>> => ({
        checkpointId: await context.gateway.triggerCheckpoint(jobId, { full: body?.checkpointType === 'FULL' }),
      });
      const id = operations.begin(`checkpoints ${params.jobid}`, body?.triggerId ?? undefined, work, 'failureCause');
      return reply.status(202).send({ 'request-id': id });
    },
  );
}

/** Flink 1.4's ways to end a job with a savepoint; by GET they also go through YARN's proxy, which forwards nothing else. */
function legacyRoutes(app: FastifyInstance, context: RestContext, operations: Operations): void {
  stopRoutes(app, context, operations);
  const begin = (jobid: string, targetDirectory: string | undefined): unknown => {
    const id = beginSavepoint(context, operations, jobid, { targetDirectory, then: 'cancel' });
    return { status: 'accepted', 'request-id': id, location: `/jobs/${jobid}/cancel-with-savepoint/in-progress/${id}` };
  };
  app.get<JobRequest>('/jobs/:jobid/cancel-with-savepoint', async ({ params }, reply) =>
    reply.status(202).send(begin(params.jobid, undefined)),
  );
  app.get<{ Params: { jobid: string; dir: string } }>(
    '/jobs/:jobid/cancel-with-savepoint/target-directory/:dir',
    async ({ params }, reply) => reply.status(202).send(begin(params.jobid, params.dir)),
  );
  app.get<OperationRequest>('/jobs/:jobid/cancel-with-savepoint/in-progress/:triggerid', ({ params }) => {
    const { status, operation } = operations.view(`${SAVEPOINTS} ${params.jobid}`, params.triggerid);
    const common = { 'request-id': params.triggerid };
    if (status.id === 'IN_PROGRESS') return { status: 'in-progress', ...common };
    if (operation?.['location'] === undefined) return { status: 'failed', ...common, cause: operation?.['failure-cause'] };
    return { status: 'success', ...common, 'savepoint-path': operation['location'] };
  });
}

/** Into the directory of the configuration. The outcome is asked for as that of any savepoint. */
function stopRoutes(app: FastifyInstance, context: RestContext, operations: Operations): void {
  for (const path of ['/jobs/:jobid/stop', '/jobs/:jobid/yarn-stop']) {
    app.route<JobRequest>({
      method: ['GET', 'DELETE'],
      url: path,
      schema: { params: jobParams },
      handler: async ({ params: { jobid } }, reply) => {
        const id = beginSavepoint(context, operations, jobid, { then: 'suspend' });
        return reply.status(202).send({ 'request-id': id, location: `/jobs/${jobid}/savepoints/${id}` });
      },
    });
  }
}

function disposalRoutes(app: FastifyInstance, { gateway }: RestContext, operations: Operations): void {
  app.post<{ Body: Static<typeof disposalBody> }>('/savepoint-disposal', { schema: { body: disposalBody } }, async ({ body }, reply) => {
    const work = async (): Promise<Readonly<Record<string, unknown>>> => {
      await gateway.disposeSavepoint(body['savepoint-path']);
      return {};
    };
    return reply.status(202).send({ 'request-id': operations.begin('disposal', undefined, work, 'failure-cause') });
  });
  app.get<{ Params: { triggerid: string } }>('/savepoint-disposal/:triggerid', ({ params }) =>
    operations.view('disposal', params.triggerid),
  );
}
