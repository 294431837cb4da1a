import { webAccessControlAllowOrigin } from '#conf';
import type { FastifyInstance } from 'fastify';
import { sendError, sendNotFound } from './error-response.js';
import { overviewPage } from './overview-page.js';
import type { RestContext } from './rest-context.js';
import { Operations } from './operations.js';
import { checkpointRoutes } from './routes/checkpoint-routes.js';
import { clusterRoutes } from './routes/cluster-routes.js';
import { jobRoutes } from './routes/job-routes.js';
import { savepointRoutes } from './routes/savepoint-routes.js';
import { submissionRoutes } from './routes/submission-routes.js';
import { taskManagerRoutes } from './routes/task-manager-routes.js';

/** Largest job graph or program that is taken over REST. */
const MAX_BODY_BYTES = 512 * 1024 * 1024;

/** The REST interface of a JobManager, without a socket: the same paths at the root, as Flink 1.4 has them, and below `/v1`. */
export async function buildRestApp(context: RestContext): Promise<FastifyInstance> {
  const { fastify, multipart } = await import('./rest-library.js');
  const app = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    ajv: { customOptions: { coerceTypes: true, useDefaults: true } },
  });
  await app.register(multipart, { limits: { fileSize: MAX_BODY_BYTES, fieldSize: MAX_BODY_BYTES, files: 1000 } });
  const allowOrigin = context.configuration.get(webAccessControlAllowOrigin);
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', allowOrigin);
  });
  app.setErrorHandler((error, _request, reply) => sendError(error, reply));
  app.setNotFoundHandler(sendNotFound);
  app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(overviewPage));
  const operations = new Operations(context.clock);
  addRoutes(app, context, operations);
  await app.register(
    async (versioned) => {
      addRoutes(versioned, context, operations);
    },
    { prefix: '/v1' },
  );
  return app;
}

function addRoutes(app: FastifyInstance, context: RestContext, operations: Operations): void {
  checkpointRoutes(app, context);
  savepointRoutes(app, context, operations);
  clusterRoutes(app, context);
  jobRoutes(app, context);
  taskManagerRoutes(app, context);
  submissionRoutes(app, context);
}
