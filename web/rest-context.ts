import type { Clock, Logger } from '#core';
import type { Configuration } from '#conf';
import type { JobManagerGateway } from '#runtime';

/** What the routes answer from. */
export interface RestContext {
  readonly gateway: JobManagerGateway;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Log file of this process; undefined when it has none. */
  readonly logPath: string | undefined;
  /** Called when a client asks the cluster to stop; the answer is sent first. */
  readonly onShutDown: () => void;
}
