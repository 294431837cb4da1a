import type { Subtask } from './subtask.js';

/** A subtask as its slot drives it. */
export type SlotTask = Pick<Subtask, keyof Subtask>;
