import type { ConfigurationJson } from '#conf';
import { registerFileSystems } from '#connectors';
import type { SetUpSlotThread } from '#runtime';

/** Runs in each slot's thread before its tasks do: paths mean there what they mean in the process. */
export const setUpSlotThread: SetUpSlotThread = (data) => {
  registerFileSystems(data as ConfigurationJson);
};
