/** Entry of a slot's thread: beside this file, also where both are bundled. */
export const slotWorkerUrl = new URL('./slot-worker.js', import.meta.url);
