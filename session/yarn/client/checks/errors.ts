import { FlinkError } from '#core';

/** A cluster that was asked for cannot be had, whatever else runs. */
export class ClusterRequestError extends FlinkError {
  constructor(message: string, action: string) {
    super({ code: 'CLUSTER_REQUEST', message, action, blame: 'user' });
  }
}
