/**
 * Waits for steps that go on side by side. When one fails `giveUp` is called, which tells the others to stop, and this rejects with the
 * first failure once all have ended: none of them does anything any more.
 */
export async function together<T>(steps: readonly Promise<T>[], giveUp: (reason: unknown) => void): Promise<readonly T[]> {
  let failure: { readonly reason: unknown } | undefined;
  const watched = steps.map((step) =>
    step.catch((reason: unknown) => {
      if (failure !== undefined) return;
      failure = { reason };
      giveUp(reason);
    }),
  );
  await Promise.all(watched);
  if (failure !== undefined) throw failure.reason;
  return await Promise.all(steps);
}
