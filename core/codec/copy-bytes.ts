/** Runs up to this length are copied byte by byte: to make a view of longer ones costs less than that. */
const SHORT_RUN = 192;

/** Copies `from` to `end` of the source to `at` of the target, which does not overlap it. */
export function copyBytes(source: Uint8Array, from: number, end: number, target: Uint8Array, at: number): void {
  if (end - from > SHORT_RUN) {
    target.set(source.subarray(from, end), at);
    return;
  }
  let to = at;
  let next = from;
  for (; next + 4 <= end; next += 4, to += 4) {
    target[to] = source[next]!;
    target[to + 1] = source[next + 1]!;
    target[to + 2] = source[next + 2]!;
    target[to + 3] = source[next + 3]!;
  }
  while (next < end) target[to++] = source[next++]!;
}
