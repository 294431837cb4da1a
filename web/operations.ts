import { randomUUID } from 'node:crypto';
import type { Clock } from '#core';
import { type SerializedError, serializeError } from '#runtime';
import { EntityNotFoundError } from './errors.js';
import { stackText } from './views/failure-view.js';

/** How long the outcome of an operation can be asked for, in ms. */
const KEPT_MS = 300_000;

/** How the outcome of an operation is told, in Flink's form. `error` is ours, for our client. */
export interface OperationView {
  readonly status: { readonly id: 'IN_PROGRESS' | 'COMPLETED' };
  readonly operation: Readonly<Record<string, unknown>> | null;
}

export interface FailureCause {
  readonly class: string;
  readonly 'stack-trace': string;
  readonly 'serialized-throwable': string;
  readonly error: SerializedError;
}

/** Operations that go on while their client asks for them now and then, by the id they were triggered with. */
export class Operations {
  readonly #views = new Map<string, OperationView>();

  constructor(private readonly clock: Clock) {}

  /** @param scope ids are unique within it. @param triggerId given by the client, so that trying again begins nothing twice. */
  begin(
    scope: string,
    triggerId: string | undefined,
    work: () => Promise<Readonly<Record<string, unknown>>>,
    failureField: string,
  ): string {
    const id = triggerId?.toLowerCase() ?? randomUUID().replaceAll('-', '');
    const key = `${scope} ${id}`;
    if (this.#views.has(key)) return id;
    this.#views.set(key, { status: { id: 'IN_PROGRESS' }, operation: null });
    work().then(
      (operation) => {
        this.#end(key, operation);
      },
      (error: unknown) => {
        this.#end(key, { [failureField]: failureCause(error) });
      },
    );
    return id;
  }

  view(scope: string, triggerId: string): OperationView {
    const view = this.#views.get(`${scope} ${triggerId.toLowerCase()}`);
    if (!view) throw new EntityNotFoundError('Operation', triggerId);
    return view;
  }

  #end(key: string, operation: Readonly<Record<string, unknown>>): void {
    this.#views.set(key, { status: { id: 'COMPLETED' }, operation });
    this.clock.setTimer(KEPT_MS, () => this.#views.delete(key), { background: true });
  }
}

function failureCause(error: unknown): FailureCause {
  const serialized = serializeError(error);
  return { class: serialized.name, 'stack-trace': stackText(serialized), 'serialized-throwable': '', error: serialized };
}
