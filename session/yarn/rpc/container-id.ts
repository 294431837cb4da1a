/** Names a container of YARN. */
export interface ContainerId {
  readonly application: ApplicationId;
  /** Of the application master, from 1. */
  readonly attempt: number;
  /** The restarts of the ResourceManager, shifted by 40 bits, and the number within the attempt. */
  readonly id: bigint;
}

export interface ApplicationId {
  /** When the ResourceManager began, ms since 1970 UTC. */
  readonly clusterTimestamp: bigint;
  readonly number: number;
}

const EPOCH_BITS = 40n;
const NAME = /^container_(?:e(\d+)_)?(\d+)_(\d+)_(\d+)_(\d+)$/;

/** As Hadoop shows it: `container_1410901177871_0001_01_000005`, with `e17_` before the timestamp after 17 restarts. */
export function formatContainerId({ application, attempt, id }: ContainerId): string {
  const epoch = id >> EPOCH_BITS;
  const parts = [
    ...(epoch > 0n ? [`e${padded(epoch, 2)}`] : []),
    application.clusterTimestamp,
    padded(application.number, 4),
    padded(attempt, 2),
    padded(BigInt.asUintN(Number(EPOCH_BITS), id), 6),
  ];
  return `container_${parts.join('_')}`;
}

/** undefined when the text names no container. */
export function parseContainerId(text: string): ContainerId | undefined {
  const match = NAME.exec(text);
  if (!match) return undefined;
  const [, epoch = '0', timestamp = '', application = '', attempt = '', number = ''] = match;
  return {
    application: { clusterTimestamp: BigInt(timestamp), number: Number(application) },
    attempt: Number(attempt),
    id: (BigInt(epoch) << EPOCH_BITS) | BigInt(number),
  };
}

function padded(value: number | bigint, digits: number): string {
  return String(value).padStart(digits, '0');
}
