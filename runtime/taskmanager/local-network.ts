import { InvariantError } from '#core';
import type { ChannelNetwork } from '../exchange/channel-allocator.js';
import { Doorbell } from '../exchange/doorbell.js';

/** Stands for the network thread in a TaskManager that serves no data: all channels of its jobs lie within it. */
export class LocalNetwork implements ChannelNetwork {
  readonly bell = Doorbell.create();

  registerOutbound(): void {
    throw new InvariantError('a TaskManager without a data port has no consumers elsewhere');
  }

  registerInbound(): void {
    throw new InvariantError('a TaskManager without a data port has no producers elsewhere');
  }

  release(): void {}
}
