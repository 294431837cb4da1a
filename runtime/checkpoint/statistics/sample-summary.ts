/** Of a series of measurements. All 0 when there are none. */
export interface Summary {
  readonly min: number;
  readonly max: number;
  readonly avg: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
}

export function summaryOf(values: readonly number[]): Summary {
  if (values.length === 0) return { min: 0, max: 0, avg: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0 };
  const sorted = values.toSorted((one, other) => one - other);
  const quantile = (share: number): number => quantileOf(sorted, share);
  return {
    min: sorted[0]!,
    max: sorted.at(-1)!,
    avg: Math.floor(sorted.reduce((sum, value) => sum + value, 0) / sorted.length),
    p50: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
    p999: quantile(0.999),
  };
}

/** Between the two neighbours, as Flink's histogram (commons-math) has it. */
function quantileOf(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length + 1);
  if (position < 1) return sorted[0]!;
  if (position >= sorted.length) return sorted.at(-1)!;
  const low = sorted[Math.floor(position) - 1]!;
  return low + (position - Math.floor(position)) * (sorted[Math.floor(position)]! - low);
}
