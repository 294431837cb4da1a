import {
  akkaAskTimeout,
  type Configuration,
  heartbeatInterval,
  heartbeatTimeout,
  slotRequestTimeout,
  webCheckpointsHistory,
  webHistory,
} from '#conf';

/** What of the configuration the JobManager needs, read once. */
export interface JobManagerSettings {
  readonly heartbeatIntervalMs: number;
  readonly heartbeatTimeoutMs: number;
  readonly askTimeoutMs: number;
  /** How long a job waits for slots. */
  readonly slotTimeoutMs: number;
  /** Ended jobs that are remembered. */
  readonly history: number;
  /** Checkpoints of a job that are remembered one by one. */
  readonly checkpointHistory: number;
  /** What a collect sink may have sent and its client not yet fetched. */
  readonly collectBufferBytes: number;
  /** How long ending all jobs may take when the JobManager stops. */
  readonly shutDownTimeoutMs: number;
}

const COLLECT_BUFFER_BYTES = 16 << 20;
const SHUT_DOWN_TIMEOUT_MS = 5000;

export function jobManagerSettings(configuration: Configuration): JobManagerSettings {
  return {
    heartbeatIntervalMs: configuration.get(heartbeatInterval),
    heartbeatTimeoutMs: configuration.get(heartbeatTimeout),
    askTimeoutMs: configuration.get(akkaAskTimeout),
    slotTimeoutMs: configuration.get(slotRequestTimeout),
    history: configuration.get(webHistory),
    checkpointHistory: configuration.get(webCheckpointsHistory),
    collectBufferBytes: COLLECT_BUFFER_BYTES,
    shutDownTimeoutMs: SHUT_DOWN_TIMEOUT_MS,
  };
}
