/** The code of a socket's error, such as `ECONNREFUSED`; of several addresses that were tried, the first's. */
export function socketErrorCode(error: unknown): string | undefined {
  if (error instanceof AggregateError) return socketErrorCode(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Connections that never came about: nothing was sent. */
const NEVER_CONNECTED: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ENOTFOUND', 'unknown host'],
  ['EAI_AGAIN', 'unknown host'],
  ['EHOSTUNREACH', 'no route to host'],
  ['ENETUNREACH', 'no route to host'],
]);

const BROKEN: ReadonlyMap<string, string> = new Map([
  ['ECONNRESET', 'connection closed'],
  ['EPIPE', 'connection closed'],
]);

/** Whether the connection never came about, so that nothing was sent. */
export function neverConnected(error: unknown): boolean {
  return NEVER_CONNECTED.has(socketErrorCode(error) ?? '');
}

/** Why nothing was answered, in a few words. */
export function describeSocketError(error: unknown): string {
  const code = socketErrorCode(error) ?? '';
  return NEVER_CONNECTED.get(code) ?? BROKEN.get(code) ?? (error instanceof Error ? error.message : String(error));
}
