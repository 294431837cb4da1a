import { FlinkError } from '#core';

/** The results of an asynchronous request have not come in time. */
export class AsyncTimeoutError extends FlinkError {
  constructor(readonly timeoutMs: number) {
    super({
      code: 'ASYNC_TIMEOUT',
      message: 'Async function call has timed out.',
      action: `Raise the timeout of ${timeoutMs} ms, or give the function a "timeout" method that completes the record.`,
      blame: 'external',
      retriable: true,
    });
  }
}
