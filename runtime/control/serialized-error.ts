import { type Blame, FlinkError } from '#core';

/** An error on its way between processes: what a person needs, as plain data. */
export interface SerializedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code: string | undefined;
  readonly action: string | undefined;
  readonly blame: Blame | undefined;
  readonly retriable: boolean;
  /** Where in the job it happened, as people are told: `operator "Map" (2/4)`. */
  readonly place?: string;
  readonly cause: SerializedError | undefined;
}

export function serializeError(error: unknown): SerializedError {
  if (!(error instanceof Error)) {
    return {
      name: 'Error',
      message: String(error),
      stack: '',
      code: undefined,
      action: undefined,
      blame: undefined,
      retriable: false,
      cause: undefined,
    };
  }
  const known = error instanceof FlinkError ? error : undefined;
  return {
    name: error.name,
    message: error.message,
    stack: error.stack ?? '',
    code: known?.code,
    action: known?.action,
    blame: known?.blame,
    retriable: known?.retriable ?? false,
    ...(known !== undefined && 'place' in known && typeof known.place === 'string' ? { place: known.place } : {}),
    cause: error.cause === undefined ? undefined : serializeError(error.cause),
  };
}

/** An error that happened in another thread or process; keeps its name, stack and causes. */
export class RemoteError extends FlinkError {
  /** As {@link SerializedError.place}. */
  readonly place: string | undefined;

  constructor(readonly remote: SerializedError) {
    super({
      code: remote.code ?? 'REMOTE_ERROR',
      message: remote.message,
      action: remote.action ?? 'See the cause for what went wrong in the program.',
      blame: remote.blame ?? 'user',
      retriable: remote.retriable,
      cause: remote.cause === undefined ? undefined : new RemoteError(remote.cause),
    });
    this.name = remote.name;
    this.place = remote.place;
    this.stack = remote.stack === '' ? `${remote.name}: ${remote.message}` : remote.stack;
  }
}
