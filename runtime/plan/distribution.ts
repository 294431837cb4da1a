import type { PartitioningKind } from '#api';

/**
 * Which consumers a producer of an edge has channels to, in the order of its subpartitions.
 * Forward: the one of the same index. Rescale: neighbours in proportion, as in Flink's pointwise distribution. Else all.
 */
export function consumersOf(partitioning: PartitioningKind, producer: number, producers: number, consumers: number): readonly number[] {
  if (partitioning === 'forward') return [producer];
  if (partitioning !== 'rescale') return range(0, consumers);
  if (producers >= consumers) return [Math.floor((producer * consumers) / producers)];
  return range(Math.ceil((producer * consumers) / producers), Math.ceil(((producer + 1) * consumers) / producers));
}

/** Which producers a consumer of an edge has channels from, in the order of its input channels: the inverse of {@link consumersOf}. */
export function producersOf(partitioning: PartitioningKind, consumer: number, producers: number, consumers: number): readonly number[] {
  return range(0, producers).filter((producer) => consumersOf(partitioning, producer, producers, consumers).includes(consumer));
}

function range(start: number, end: number): readonly number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}
