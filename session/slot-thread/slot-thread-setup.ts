import type { Configuration } from '#conf';
import type { SlotThreadSetup } from '#runtime';

/** Where the module is: beside this file, also where both are bundled. */
const module = new URL('./set-up-slot-thread.js', import.meta.url).href;

/** What a TaskManager has its slots' threads do first. */
export function slotThreadSetup(configuration: Configuration): SlotThreadSetup {
  return { module, data: configuration.toJSON() };
}
