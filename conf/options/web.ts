import { tmpdir } from 'node:os';
import { option } from '../option.js';
import { durationMs } from '../types/duration.js';
import { portRanges } from '../types/port-ranges.js';
import { boolean, intFrom, portOrOff, string } from '../types/scalars.js';
import { jobManagerRpcAddress } from './addresses.js';

const group = 'REST and dashboard';
const SAMPLING = 'Nothing needs to be set: back pressure is measured all the time, without sampling.';

export const webAddress = option({
  key: 'web.address',
  type: string,
  group,
  takesEffect: 'yes',
  defaultNote: 'all addresses',
  aliases: ['rest.bind-address'],
  deprecatedKeys: ['jobmanager.web.address'],
  description: 'Address of the network interface on which the REST server and the dashboard listen.',
});

export const webPort = option({
  key: 'web.port',
  type: portOrOff,
  default: '8081',
  group,
  takesEffect: 'yes',
  aliases: ['rest.port'],
  deprecatedKeys: ['jobmanager.web.port'],
  description:
    'Port of the REST server and the dashboard; clients connect to it. 0 lets the system choose (so on YARN), -1 switches both off.',
});

export const restAddress = option({
  key: 'rest.address',
  type: string,
  fallback: jobManagerRpcAddress,
  group,
  takesEffect: 'yes',
  description: 'Host under which clients reach the REST server.',
});

export const restBindPort = option({
  key: 'rest.bind-port',
  type: portRanges,
  group,
  takesEffect: 'yes',
  defaultNote: 'value of web.port',
  description: 'Ports that the REST server tries in turn: a port, a list or a range.',
});

export const webTmpdir = option({
  key: 'web.tmpdir',
  type: string,
  default: tmpdir,
  group,
  takesEffect: 'yes',
  deprecatedKeys: ['jobmanager.web.tmpdir'],
  defaultNote: 'the system temp directory',
  description: 'Where the web server keeps its files, in a directory "flink-web-<uuid>" that is removed at a clean stop.',
});

export const webUploadDir = option({
  key: 'web.upload.dir',
  type: string,
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['jobmanager.web.upload.dir'],
  defaultNote: 'a fresh directory below web.tmpdir',
  description: 'Where uploaded programs are kept. A configured directory survives restarts, and its programs are listed again.',
});

export const webSubmitEnable = option({
  key: 'web.submit.enable',
  type: boolean,
  default: 'true',
  group,
  takesEffect: 'yes',
  deprecatedKeys: ['jobmanager.web.submit.enable'],
  description: 'Whether programs may be uploaded and started over REST and the dashboard.',
});

export const webCancelEnable = option({
  key: 'web.cancel.enable',
  type: boolean,
  default: 'true',
  group,
  takesEffect: 'yes',
  description: 'Whether the dashboard offers to cancel jobs.',
});

export const webRefreshInterval = option({
  key: 'web.refresh-interval',
  type: durationMs,
  default: '3000',
  group,
  takesEffect: 'yes',
  deprecatedKeys: ['jobmanager.web.refresh-interval'],
  description: 'How often the dashboard asks for news.',
});

export const webTimeout = option({
  key: 'web.timeout',
  type: durationMs,
  default: '10000',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['jobmanager.web.timeout'],
  description: 'How long a REST request may wait for the JobManager.',
});

export const webHistory = option({
  key: 'web.history',
  type: intFrom(0),
  default: '5',
  group,
  takesEffect: 'yes',
  deprecatedKeys: ['jobmanager.web.history'],
  description: 'How many finished jobs the JobManager remembers.',
});

export const webCheckpointsHistory = option({
  key: 'web.checkpoints.history',
  type: intFrom(0),
  default: '10',
  group,
  takesEffect: 'yes',
  deprecatedKeys: ['jobmanager.web.checkpoints.history'],
  description: 'How many recent checkpoints of a job are remembered.',
});

export const webAccessControlAllowOrigin = option({
  key: 'web.access-control-allow-origin',
  type: string,
  default: '*',
  group,
  takesEffect: 'yes',
  deprecatedKeys: ['jobmanager.web.access-control-allow-origin'],
  description: 'Value of the header "Access-Control-Allow-Origin" in every REST response.',
});

export const webLogPath = option({
  key: 'web.log.path',
  type: string,
  group,
  takesEffect: 'yes',
  deprecatedKeys: ['jobmanager.web.log.path'],
  defaultNote: 'the log file of the process',
  description: 'Log file of the JobManager that the dashboard shows.',
});

export const webBackpressureCleanupInterval = option({
  key: 'web.backpressure.cleanup-interval',
  type: durationMs,
  default: '600000',
  group,
  takesEffect: 'meaningless',
  instead: SAMPLING,
  deprecatedKeys: ['jobmanager.web.backpressure.cleanup-interval'],
  description: 'How long back-pressure samples that nobody reads are kept.',
});

export const webBackpressureRefreshInterval = option({
  key: 'web.backpressure.refresh-interval',
  type: durationMs,
  default: '60000',
  group,
  takesEffect: 'meaningless',
  instead: SAMPLING,
  deprecatedKeys: ['jobmanager.web.backpressure.refresh-interval'],
  description: 'How old a back-pressure sample may be before it is taken again.',
});

export const webBackpressureNumSamples = option({
  key: 'web.backpressure.num-samples',
  type: intFrom(1),
  default: '100',
  group,
  takesEffect: 'meaningless',
  instead: SAMPLING,
  deprecatedKeys: ['jobmanager.web.backpressure.num-samples'],
  description: 'How many stack traces make a back-pressure sample.',
});

export const webBackpressureDelayBetweenSamples = option({
  key: 'web.backpressure.delay-between-samples',
  type: durationMs,
  default: '50',
  group,
  takesEffect: 'meaningless',
  instead: SAMPLING,
  deprecatedKeys: ['jobmanager.web.backpressure.delay-between-samples'],
  description: 'Time between two stack traces of a back-pressure sample.',
});

export const webSslEnabled = option({
  key: 'web.ssl.enabled',
  type: boolean,
  default: 'true',
  group,
  takesEffect: 'not-yet',
  deprecatedKeys: ['jobmanager.web.ssl.enabled'],
  description: 'Whether REST and the dashboard use TLS when "security.ssl.enabled" is set.',
});
