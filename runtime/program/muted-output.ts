/** Takes a chunk and shows it to nobody. */
function swallow(_chunk: unknown, encodingOrDone?: unknown, done?: unknown): boolean {
  const callback = typeof encodingOrDone === 'function' ? encodingOrDone : done;
  if (typeof callback === 'function') queueMicrotask(() => void (callback as () => void)());
  return true;
}

/**
 * Keeps what `main` prints from being shown, until what it answers is called: a replay says again what the submission has said.
 */
export function muteOutput(): () => void {
  const muted = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  for (const { stream } of muted) stream.write = swallow;
  return () => {
    for (const { stream, write } of muted) stream.write = write;
  };
}
