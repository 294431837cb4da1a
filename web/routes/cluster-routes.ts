import type { FastifyInstance } from 'fastify';
import { webCancelEnable, webRefreshInterval, webSubmitEnable } from '#conf';
import { buildInfo } from '../build-info.js';
import type { RestContext } from '../rest-context.js';
import { readLogFile } from '../log-files.js';

/** The cluster as a whole: its settings, its counts, its end. */
export function clusterRoutes(app: FastifyInstance, context: RestContext): void {
  const { gateway } = context;
  app.get('/config', () => dashboardConfig(context));
  app.get('/overview', () => {
    const overview = gateway.overview();
    return {
      taskmanagers: overview.taskManagers,
      'slots-total': overview.slotsTotal,
      'slots-available': overview.slotsAvailable,
      'jobs-running': overview.jobsRunning,
      'jobs-finished': overview.jobsFinished,
      'jobs-cancelled': overview.jobsCancelled,
      'jobs-failed': overview.jobsFailed,
      ...(overview.messages.length > 0 && { messages: overview.messages }),
      'flink-version': buildInfo().version,
      'flink-commit': buildInfo().commit,
    };
  });
  app.get('/jobmanager/config', () => context.configuration.entries().map(({ key, value }) => ({ key, value })));
  app.get('/jobmanager/log', async (_request, reply) =>
    reply.type('text/plain').send(await readLogFile(context.logPath, 'log of the JobManager')),
  );
  app.get('/jobmanager/stdout', async (_request, reply) =>
    reply.type('text/plain').send(await readLogFile(context.logPath?.replace(/\.log$/, '.out'), 'output of the JobManager')),
  );
  app.delete('/cluster', (_request, reply) => {
    reply.raw.once('finish', context.onShutDown);
    return {};
  });
}

function dashboardConfig({ configuration, clock }: RestContext): unknown {
  return {
    'refresh-interval': configuration.get(webRefreshInterval),
    'timezone-name': Intl.DateTimeFormat().resolvedOptions().timeZone,
    'timezone-offset': -new Date(clock.now()).getTimezoneOffset() * 60_000,
    'flink-version': buildInfo().version,
    'flink-revision': buildInfo().commit,
    features: {
      'web-submit': configuration.get(webSubmitEnable),
      'web-cancel': configuration.get(webCancelEnable),
      'web-rescale': false,
      'web-history': false,
    },
  };
}
