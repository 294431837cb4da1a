/** Work that never ends. */
export const never = new Promise<never>(() => {
  // nobody ends it
});
