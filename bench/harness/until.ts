import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until there is an answer. */
export async function until<T>(what: string, timeoutMs: number, ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(20);
  }
  throw new Error(`${what} did not happen within ${timeoutMs / 1000} s`);
}
