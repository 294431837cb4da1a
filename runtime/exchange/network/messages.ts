import type { JobId } from '#core';
import type { SerializedError } from '../../control/serialized-error.js';
import type { ChannelId } from '../channel-id.js';
import type { ConnectionTarget } from './consumer-connection.js';
import type { PortBounds } from './data-port.js';
import type { Credentials } from './handshake.js';

export interface NetworkOptions extends Credentials {
  readonly bindHost: string;
  readonly portRange: readonly PortBounds[];
  /** What other TaskManagers call this one in their messages. */
  readonly name: string;
  /** How long a consumer's request waits for its producer to be deployed. */
  readonly producerTimeoutMs: number;
  /** How long connecting and logging in may take. */
  readonly loginTimeoutMs: number;
}

/** To the network thread. */
export type NetworkCommand =
  | { readonly type: 'registerOutbound'; readonly id: ChannelId; readonly ring: SharedArrayBuffer; readonly slotBell: SharedArrayBuffer }
  | {
      readonly type: 'registerInbound';
      readonly id: ChannelId;
      readonly target: ConnectionTarget;
      readonly ring: SharedArrayBuffer;
      readonly slotBell: SharedArrayBuffer;
    }
  | { readonly type: 'release'; readonly jobId: JobId; readonly attempt: number }
  | { readonly type: 'stop' };

/** Why channels broke. */
export type FailureCause =
  | { readonly kind: 'connectionLost'; readonly address: string; readonly reason: string }
  | { readonly kind: 'notDeployed'; readonly address: string; readonly reason: string };

/** From the network thread. */
export type NetworkReport =
  | { readonly type: 'started'; readonly port: number }
  | { readonly type: 'startFailed'; readonly error: SerializedError }
  | { readonly type: 'failed'; readonly channels: readonly ChannelId[]; readonly cause: FailureCause }
  | { readonly type: 'log'; readonly level: 'info' | 'warn'; readonly message: string; readonly context: Readonly<Record<string, string>> }
  | { readonly type: 'stopped' };
