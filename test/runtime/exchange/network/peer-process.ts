import { setImmediate as nextTurn } from 'node:timers/promises';
import { NO_TIMESTAMP } from '#core';
import type { ChannelId } from '../../../../runtime/exchange/channel-id.js';
import { NetworkRig } from './network-rig.js';

/** To a TaskManager of `two-processes.test.ts`. */
export type PeerCommand =
  /** Numbers from 0; for ever when no count is given. */
  | { readonly type: 'produce'; readonly id: ChannelId; readonly count: number }
  | { readonly type: 'consume'; readonly id: ChannelId; readonly port: number };

export type PeerReport = { readonly type: 'started'; readonly port: number } | { readonly type: 'consumed'; readonly sum: number };

const rig = await NetworkRig.start({ name: 'the peer' });

async function produce(id: ChannelId, count: number): Promise<void> {
  const partition = rig.partition([id], 4, 4096);
  for (let next = 0; next < count;) {
    const seen = rig.bell.rings;
    while (next < count && !partition.blocked) partition.emit(next++, NO_TIMESTAMP);
    if (next === count) partition.broadcastEvent({ kind: 'endOfInput' });
    if (partition.drain()) await nextTurn();
    else if (partition.blocked) await rig.bell.waitBeyond(seen, 60_000);
  }
  await rig.until(() => !partition.blocked || partition.drain());
}

async function consume(id: ChannelId, port: number): Promise<void> {
  const gate = rig.gate(id, port, 4, 4096);
  let sum = 0;
  await rig.until(() => {
    while (
      gate.poll(
        (value) => {
          sum += value as number;
        },
        { blocked: false },
        8,
      )
    );
    return gate.finished;
  });
  process.send!({ type: 'consumed', sum } satisfies PeerReport);
}

process.on('message', (command: PeerCommand) => {
  void (command.type === 'produce' ? produce(command.id, command.count) : consume(command.id, command.port));
});
process.on('disconnect', () => process.exit(0));
process.send!({ type: 'started', port: rig.port } satisfies PeerReport);
