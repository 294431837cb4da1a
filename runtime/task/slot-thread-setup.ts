/**
 * What a slot's thread does before anything else, such as making file systems known that this layer does not know of. Plain data: goes to
 * the thread.
 */
export interface SlotThreadSetup {
  /** URL of a module that exports {@link SetUpSlotThread} as `setUpSlotThread`. */
  readonly module: string;
  readonly data: unknown;
}

export type SetUpSlotThread = (data: unknown) => void;
