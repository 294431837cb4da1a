import { tmpdir } from 'node:os';
import { option } from '../option.js';
import { durationSeconds } from '../types/duration.js';
import { portRanges } from '../types/port-ranges.js';
import { boolean, intFrom, string } from '../types/scalars.js';

const group = 'Blob store';
const SAME_PORT = 'Use "jobmanager.rpc.port": files travel over the same connections as control messages.';

export const blobStorageDirectory = option({
  key: 'blob.storage.directory',
  type: string,
  default: tmpdir,
  group,
  takesEffect: 'yes',
  defaultNote: 'the system temp directory',
  description:
    'Where programs and other large things of a job are kept on every node, in a directory "blobStore-<uuid>" that is removed at the end.',
});

export const blobServiceCleanupInterval = option({
  key: 'blob.service.cleanup.interval',
  type: durationSeconds,
  default: '3600',
  group,
  takesEffect: 'yes',
  description: 'How long files of a finished job stay on a node. A plain number counts seconds.',
});

export const blobServerPort = option({
  key: 'blob.server.port',
  type: portRanges,
  default: '0',
  group,
  takesEffect: 'meaningless',
  instead: SAME_PORT,
  description: 'Port of the blob server: a port, a list or a range, tried in turn. 0 lets the system choose.',
});

export const blobFetchRetries = option({
  key: 'blob.fetch.retries',
  type: intFrom(0),
  default: '5',
  group,
  takesEffect: 'yes',
  description: 'How often fetching a file from the blob server is tried again.',
});

export const blobFetchNumConcurrent = option({
  key: 'blob.fetch.num-concurrent',
  type: intFrom(1),
  default: '50',
  group,
  takesEffect: 'meaningless',
  instead: SAME_PORT,
  description: 'How many files the blob server sends at the same time.',
});

export const blobFetchBacklog = option({
  key: 'blob.fetch.backlog',
  type: intFrom(1),
  default: '1000',
  group,
  takesEffect: 'meaningless',
  instead: SAME_PORT,
  description: 'How many connections may wait for the blob server.',
});

export const blobServiceSslEnabled = option({
  key: 'blob.service.ssl.enabled',
  type: boolean,
  default: 'true',
  group,
  takesEffect: 'not-yet',
  description: 'Whether the blob server uses TLS when "security.ssl.enabled" is set.',
});
