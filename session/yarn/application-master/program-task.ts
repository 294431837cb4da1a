import type { ExecutionDefaults } from '#api';
import type { HostAndPort } from '../../client/http-exchange.js';
import type { ShippedProgram } from '../launch/shipped-program.js';

/** What the process that runs `main` of a program is told. */
export interface ProgramTask {
  readonly shipped: ShippedProgram;
  readonly defaults: ExecutionDefaults;
  readonly jobManager: HostAndPort;
}

/** What it answers: how `main` and its jobs have ended. */
export type ProgramOutcome =
  { readonly kind: 'succeeded' } | { readonly kind: 'cancelled' } | { readonly kind: 'failed'; readonly text: string };
