import { invariant, type JobId } from '#core';

/** Names a channel in all processes: one attempt of one job, one edge, one pair of subtasks. */
export interface ChannelName {
  readonly jobId: JobId;
  readonly attempt: number;
  readonly edge: number;
  readonly producer: number;
  readonly consumer: number;
}

/** A channel's name as text: `jobId/attempt/edge/producer/consumer`. */
export type ChannelId = string & { readonly __brand: 'ChannelId' };

export function channelId(name: ChannelName): ChannelId {
  return `${name.jobId}/${name.attempt}/${name.edge}/${name.producer}/${name.consumer}` as ChannelId;
}

export function channelName(id: ChannelId): ChannelName {
  const [jobId, ...numbers] = id.split('/');
  const [attempt, edge, producer, consumer] = numbers.map(Number);
  invariant(numbers.length === 4 && numbers.every((text) => /^\d+$/.test(text)), `"${id}" is a channel id`);
  return { jobId: jobId as JobId, attempt: attempt!, edge: edge!, producer: producer!, consumer: consumer! };
}

/** What the ids of all channels of an attempt start with. */
export function attemptPrefix(jobId: JobId, attempt: number): string {
  return `${jobId}/${attempt}/`;
}
