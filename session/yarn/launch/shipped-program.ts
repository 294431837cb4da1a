import type { SubmittedProgram } from '../../program/submitted-program.js';

/** A program as it ships with its application, as JSON. */
export interface ShippedProgram {
  readonly program: SubmittedProgram;
  readonly args: readonly string[];
  /** Exported function to call as `main`. */
  readonly entry?: string;
}
