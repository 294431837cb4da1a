import { parseJobId } from '#core';
import type { CheckpointRecord } from '#runtime';
import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { EntityNotFoundError } from '../errors.js';
import type { RestContext } from '../rest-context.js';
import { checkpointParams, checkpointVertexParams, jobParams } from '../schemas.js';
import { checkpointConfigView, checkpointsView, checkpointTaskView, checkpointView } from '../views/checkpoint-view.js';

/** A job's checkpoints: how they are made, how they went. */
export function checkpointRoutes(app: FastifyInstance, { gateway }: RestContext): void {
  app.get<{ Params: Static<typeof jobParams> }>('/jobs/:jobid/checkpoints', { schema: { params: jobParams } }, ({ params }) =>
    checkpointsView(gateway.checkpoints(parseJobId(params.jobid)).status),
  );
  app.get<{ Params: Static<typeof jobParams> }>('/jobs/:jobid/checkpoints/config', { schema: { params: jobParams } }, ({ params }) =>
    checkpointConfigView(gateway.checkpoints(parseJobId(params.jobid)).settings),
  );
  const record = (jobid: string, checkpointId: number): CheckpointRecord => {
    const { history, latest } = gateway.checkpoints(parseJobId(jobid)).status;
    const found = [...history, latest.completed, latest.savepoint, latest.failed].find((one) => one?.checkpointId === checkpointId);
    if (!found) throw new EntityNotFoundError('Checkpoint', String(checkpointId));
    return found;
  };
  app.get<{ Params: Static<typeof checkpointParams> }>(
    '/jobs/:jobid/checkpoints/details/:checkpointid',
    { schema: { params: checkpointParams } },
    ({ params }) => checkpointView(record(params.jobid, params.checkpointid)),
  );
  app.get<{ Params: Static<typeof checkpointVertexParams> }>(
    '/jobs/:jobid/checkpoints/details/:checkpointid/subtasks/:vertexid',
    { schema: { params: checkpointVertexParams } },
    ({ params }) => {
      const of = record(params.jobid, params.checkpointid);
      const task = of.tasks.find(({ vertexId }) => vertexId === params.vertexid.toLowerCase());
      if (!task) throw new EntityNotFoundError('Job vertex', params.vertexid);
      return checkpointTaskView(of, task);
    },
  );
}
