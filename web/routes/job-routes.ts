import { type JobId, parseJobId } from '#core';
import type { JobStatus, JobVertex, SubtaskStatus } from '#runtime';
import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { EntityNotFoundError } from '../errors.js';
import type { RestContext } from '../rest-context.js';
import { cancelQuery, exceptionsQuery, jobParams, metricsQuery, statusQuery, subtaskParams, vertexParams, waitQuery } from '../schemas.js';
import { exceptionsView } from '../views/failure-view.js';
import { accumulatorsView, executionResultView } from '../views/job-result-view.js';
import { jobConfigView, jobDetailsView, jobOverviewView, subtasksOf } from '../views/job-view.js';
import { planView } from '../views/plan-view.js';
import { aggregatedMetricsView, subtaskMetricsView, vertexMetricsView, watermarksView } from '../views/task-metrics.js';
import { subtaskTimesView, vertexTaskManagersView, vertexView } from '../views/vertex-view.js';
import { waitForResult, waitForStateUnlike } from '../waiting.js';

interface JobRequest {
  Params: Static<typeof jobParams>;
}
interface VertexRequest {
  Params: Static<typeof vertexParams>;
}
type MetricsRequest = VertexRequest & { Querystring: Static<typeof metricsQuery> };

/** Jobs: lists, one job, its vertices, its end. */
export function jobRoutes(app: FastifyInstance, context: RestContext): void {
  listRoutes(app, context);
  jobViewRoutes(app, context);
  resultRoutes(app, context);
  vertexRoutes(app, context);
}

function listRoutes(app: FastifyInstance, { gateway, clock }: RestContext): void {
  const overview = (holds: (status: JobStatus) => boolean) => () => {
    const now = clock.now();
    return {
      jobs: gateway
        .listJobs()
        .filter(holds)
        .map((status) => jobOverviewView(status, now)),
    };
  };
  app.get('/jobs', () => ({ jobs: gateway.listJobs().map(({ jobId, state }) => ({ id: jobId, status: state })) }));
  app.get(
    '/jobs/overview',
    overview(() => true),
  );
  app.get(
    '/joboverview',
    overview(() => true),
  );
  app.get(
    '/joboverview/running',
    overview(({ endMs }) => endMs < 0),
  );
  app.get(
    '/joboverview/completed',
    overview(({ endMs }) => endMs >= 0),
  );
}

function jobViewRoutes(app: FastifyInstance, { gateway, clock }: RestContext): void {
  const view = (path: string, show: (status: JobStatus) => unknown): void => {
    app.get<JobRequest>(`/jobs/:jobid${path}`, { schema: { params: jobParams } }, ({ params }) =>
      show(gateway.job(parseJobId(params.jobid))),
    );
  };
  view('', (status) => jobDetailsView(status, clock.now()));
  view('/config', jobConfigView);
  view('/plan', (status) => ({ plan: planView(status.graph) }));
  view('/vertices', (status) => jobDetailsView(status, clock.now()).vertices);
  app.get<JobRequest & { Querystring: Static<typeof exceptionsQuery> }>(
    '/jobs/:jobid/exceptions',
    { schema: { params: jobParams, querystring: exceptionsQuery } },
    ({ params, query }) => exceptionsView(gateway.job(parseJobId(params.jobid)), query.maxExceptions ?? 20),
  );
}

function resultRoutes(app: FastifyInstance, context: RestContext): void {
  const { gateway } = context;
  app.get<JobRequest & { Querystring: Static<typeof statusQuery> }>(
    '/jobs/:jobid/status',
    { schema: { params: jobParams, querystring: statusQuery } },
    async ({ params, query }) => ({ status: await waitForStateUnlike(context, parseJobId(params.jobid), query.unlike, query.wait) }),
  );
  app.get<JobRequest & { Querystring: Static<typeof waitQuery> }>(
    '/jobs/:jobid/execution-result',
    { schema: { params: jobParams, querystring: waitQuery } },
    async ({ params, query }) => executionResultView(await waitForResult(context, parseJobId(params.jobid), query.wait)),
  );
  app.get<JobRequest>('/jobs/:jobid/accumulators', { schema: { params: jobParams } }, async ({ params }) =>
    accumulatorsView(await waitForResult(context, parseJobId(params.jobid), 0)),
  );
  const cancel = async (jobId: JobId): Promise<Record<string, never>> => {
    await gateway.cancelJob(jobId);
    return {};
  };
  app.patch<JobRequest & { Querystring: Static<typeof cancelQuery> }>(
    '/jobs/:jobid',
    { schema: { params: jobParams, querystring: cancelQuery } },
    async ({ params }, reply) => reply.status(202).send(await cancel(parseJobId(params.jobid))),
  );
  for (const path of ['/jobs/:jobid/cancel', '/jobs/:jobid/yarn-cancel']) {
    app.route<JobRequest>({
      method: ['GET', 'DELETE'],
      url: path,
      schema: { params: jobParams },
      handler: async ({ params }, reply) => reply.status(202).send(await cancel(parseJobId(params.jobid))),
    });
  }
}

function vertexRoutes(app: FastifyInstance, context: RestContext): void {
  const { clock } = context;
  const view = (path: string, show: typeof vertexView): void => {
    app.get<VertexRequest>(`${VERTEX}${path}`, { schema: { params: vertexParams } }, ({ params }) => {
      const { vertex, subtasks } = vertexOf(context, params);
      return show(vertex, subtasks, clock.now());
    });
  };
  view('', vertexView);
  view('/subtasktimes', subtaskTimesView);
  view('/taskmanagers', vertexTaskManagersView);
  view('/watermarks', (_vertex, subtasks) => watermarksView(subtasks));
  metricRoutes(app, context);
}

function metricRoutes(app: FastifyInstance, context: RestContext): void {
  const view = (path: string, show: typeof vertexMetricsView): void => {
    app.get<MetricsRequest>(`${VERTEX}${path}`, { schema: { params: vertexParams, querystring: metricsQuery } }, ({ params, query }) =>
      show(vertexOf(context, params).subtasks, query.get),
    );
  };
  view('/metrics', vertexMetricsView);
  view('/subtasks/metrics', aggregatedMetricsView);
  app.get<MetricsRequest & { Params: Static<typeof subtaskParams> }>(
    `${VERTEX}/subtasks/:subtaskindex/metrics`,
    { schema: { params: subtaskParams, querystring: metricsQuery } },
    ({ params, query }) => {
      const subtask = vertexOf(context, params).subtasks.find(({ subtaskIndex }) => subtaskIndex === params.subtaskindex);
      if (subtask === undefined) throw new EntityNotFoundError('Subtask', String(params.subtaskindex));
      return subtaskMetricsView(subtask, query.get);
    },
  );
}

const VERTEX = '/jobs/:jobid/vertices/:vertexid';

function vertexOf(
  { gateway }: RestContext,
  { jobid, vertexid }: Static<typeof vertexParams>,
): { readonly vertex: JobVertex; readonly subtasks: readonly SubtaskStatus[] } {
  const status = gateway.job(parseJobId(jobid));
  const vertex = status.graph.vertices.find(({ id }) => id === vertexid.toLowerCase());
  if (!vertex) throw new EntityNotFoundError('Job vertex', vertexid);
  return { vertex, subtasks: subtasksOf(status, vertex) };
}
