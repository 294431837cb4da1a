const PAUSE_MS = 50;

/** Waiting on is of no use: what was waited for cannot come. */
export class GivenUpError extends Error {}

/**
 * Asks again and again until the answer is neither false nor undefined, and gives it. Throws with `what` when the deadline passes, at once
 * for a `GivenUpError`.
 */
export async function poll<T>(what: string, timeoutMs: number, ask: () => T | Promise<T>): Promise<NonNullable<Exclude<T, false>>> {
  const endsAt = performance.now() + timeoutMs;
  let lastError: unknown;
  do {
    try {
      const answer = await ask();
      if (answer !== false && answer !== undefined && answer !== null) return answer as NonNullable<Exclude<T, false>>;
      lastError = undefined;
    } catch (error) {
      if (error instanceof GivenUpError) throw error;
      lastError = error;
    }
    await new Promise((wake) => {
      setTimeout(wake, PAUSE_MS);
    });
  } while (performance.now() < endsAt);
  throw new Error(`${what}: not within ${timeoutMs / 1000} s`, { cause: lastError });
}
