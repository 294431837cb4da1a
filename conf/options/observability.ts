import { tmpdir } from 'node:os';
import { mapOption, option } from '../option.js';
import { durationMs } from '../types/duration.js';
import { stringList } from '../types/lists.js';
import { portRanges } from '../types/port-ranges.js';
import { boolean, intFrom, port, string } from '../types/scalars.js';

const metrics = 'Metrics';
const history = 'History server';
const query = 'Queryable state';

export const metricsReporters = option({
  key: 'metrics.reporters',
  type: stringList,
  group: metrics,
  takesEffect: 'not-yet',
  defaultNote: 'all that are configured',
  description: 'Names of the metric reporters, separated by commas.',
});

export const metricsReporter = mapOption({
  key: 'metrics.reporter',
  group: metrics,
  takesEffect: 'not-yet',
  description: 'Settings of the reporters: "metrics.reporter.<name>.class", ".interval", ".scope.delimiter" and their own.',
});

export const metricsScopeDelimiter = option({
  key: 'metrics.scope.delimiter',
  type: string,
  default: '.',
  group: metrics,
  takesEffect: 'not-yet',
  description: "What separates the parts of a metric's name.",
});

export const metricsScopeJobManager = option({
  key: 'metrics.scope.jm',
  type: string,
  default: '<host>.jobmanager',
  group: metrics,
  takesEffect: 'not-yet',
  description: 'Name of the metrics of a JobManager.',
});

export const metricsScopeJobManagerJob = option({
  key: 'metrics.scope.jm.job',
  type: string,
  default: '<host>.jobmanager.<job_name>',
  group: metrics,
  takesEffect: 'not-yet',
  aliases: ['metrics.scope.jm-job'],
  description: 'Name of the metrics of a job on the JobManager.',
});

export const metricsScopeJobManagerOperator = option({
  key: 'metrics.scope.jm-operator',
  type: string,
  default: '<host>.jobmanager.<job_name>.<operator_name>',
  group: metrics,
  takesEffect: 'not-yet',
  description: "Name of the metrics of an operator's part on the JobManager.",
});

export const metricsScopeTaskManager = option({
  key: 'metrics.scope.tm',
  type: string,
  default: '<host>.taskmanager.<tm_id>',
  group: metrics,
  takesEffect: 'not-yet',
  description: 'Name of the metrics of a TaskManager.',
});

export const metricsScopeTaskManagerJob = option({
  key: 'metrics.scope.tm.job',
  type: string,
  default: '<host>.taskmanager.<tm_id>.<job_name>',
  group: metrics,
  takesEffect: 'not-yet',
  aliases: ['metrics.scope.tm-job'],
  description: 'Name of the metrics of a job on a TaskManager.',
});

export const metricsScopeTask = option({
  key: 'metrics.scope.task',
  type: string,
  group: metrics,
  takesEffect: 'not-yet',
  default: '<host>.taskmanager.<tm_id>.<job_name>.<task_name>.<subtask_index>',
  description: 'Name of the metrics of a subtask.',
});

export const metricsScopeOperator = option({
  key: 'metrics.scope.operator',
  type: string,
  group: metrics,
  takesEffect: 'not-yet',
  default: '<host>.taskmanager.<tm_id>.<job_name>.<operator_name>.<subtask_index>',
  description: 'Name of the metrics of an operator.',
});

export const metricsLatencyHistorySize = option({
  key: 'metrics.latency.history-size',
  type: intFrom(1),
  default: '128',
  group: metrics,
  takesEffect: 'not-yet',
  description: 'How many measured latencies each operator keeps.',
});

export const jobManagerArchiveFsDir = option({
  key: 'jobmanager.archive.fs.dir',
  type: string,
  group: history,
  takesEffect: 'not-yet',
  description: 'Directory in which the JobManager archives jobs that have ended.',
});

export const historyServerArchiveFsDir = option({
  key: 'historyserver.archive.fs.dir',
  type: string,
  group: history,
  takesEffect: 'not-yet',
  description: 'Directories of archived jobs that the history server shows, separated by commas.',
});

export const historyServerArchiveFsRefreshInterval = option({
  key: 'historyserver.archive.fs.refresh-interval',
  type: durationMs,
  default: '10000',
  group: history,
  takesEffect: 'not-yet',
  description: 'How often it looks for new ones.',
});

export const historyServerWebAddress = option({
  key: 'historyserver.web.address',
  type: string,
  group: history,
  takesEffect: 'not-yet',
  defaultNote: 'all addresses',
  description: 'Address of the network interface on which the history server listens.',
});

export const historyServerWebPort = option({
  key: 'historyserver.web.port',
  type: port,
  default: '8082',
  group: history,
  takesEffect: 'not-yet',
  description: 'Port of the history server.',
});

export const historyServerWebTmpdir = option({
  key: 'historyserver.web.tmpdir',
  type: string,
  default: tmpdir,
  group: history,
  takesEffect: 'not-yet',
  defaultNote: 'the system temp directory',
  description: 'Where the history server keeps what it serves.',
});

export const historyServerWebRefreshInterval = option({
  key: 'historyserver.web.refresh-interval',
  type: durationMs,
  default: '10000',
  group: history,
  takesEffect: 'not-yet',
  description: 'How often its pages ask for news.',
});

export const historyServerWebSslEnabled = option({
  key: 'historyserver.web.ssl.enabled',
  type: boolean,
  default: 'false',
  group: history,
  takesEffect: 'not-yet',
  description: 'Whether the history server uses TLS.',
});

export const queryServerPorts = option({
  key: 'query.server.ports',
  type: portRanges,
  default: '9067',
  group: query,
  takesEffect: 'not-yet',
  deprecatedKeys: ['query.server.port'],
  description: 'Ports of the servers of queryable state: a port, a list or a range.',
});

export const queryProxyPorts = option({
  key: 'query.proxy.ports',
  type: portRanges,
  default: '9069',
  group: query,
  takesEffect: 'not-yet',
  description: 'Ports of the proxies of queryable state, which clients connect to: a port, a list or a range.',
});

const THREADS = 'Nothing needs to be set: Node serves all queries of a process from one thread.';
const threads = { type: intFrom(0), default: '0', group: query, takesEffect: 'meaningless', instead: THREADS } as const;

export const queryServerNetworkThreads = option({
  ...threads,
  key: 'query.server.network-threads',
  description: 'Network threads of a server of queryable state.',
});

export const queryServerQueryThreads = option({
  ...threads,
  key: 'query.server.query-threads',
  description: 'Query threads of a server of queryable state.',
});

export const queryProxyNetworkThreads = option({
  ...threads,
  key: 'query.proxy.network-threads',
  description: 'Network threads of a proxy of queryable state.',
});

export const queryProxyQueryThreads = option({
  ...threads,
  key: 'query.proxy.query-threads',
  description: 'Query threads of a proxy of queryable state.',
});

export const queryClientNetworkThreads = option({
  ...threads,
  key: 'query.client.network-threads',
  description: 'Network threads of a client of queryable state.',
});
