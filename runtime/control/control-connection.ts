import { type Clock, FlinkError, invariant, type Timer } from '#core';
import type { ControlLink } from './control-link.js';
import { ControlConnectionLostError, RequestTimeoutError } from './errors.js';
import type { AnswerTo, ControlAnswer, ControlMessage, ControlRequest, Envelope } from './messages.js';
import { RemoteError, serializeError } from './serialized-error.js';

/** What one side of a connection does with what comes in. */
export interface ControlHandler {
  onMessage(message: ControlMessage): void;
  /** What it throws is what the other side's request throws. */
  onRequest(request: ControlRequest): Promise<ControlAnswer>;
  /** Once, when the other side is gone or said goodbye; not when this side closed. */
  onClosed(cause: Error): void;
}

interface PendingRequest {
  readonly resolve: (answer: ControlAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: Timer;
}

/**
 * Two processes of a cluster, or two parts of one, that tell and ask each other things as typed plain data.
 * Messages keep their order; a handler that throws on a message is a defect and closes the connection.
 */
export class ControlConnection {
  readonly #pending = new Map<number, PendingRequest>();
  #nextId = 0;
  #closed: Error | undefined;
  #handler: ControlHandler | undefined;

  constructor(
    private readonly link: ControlLink,
    private readonly clock: Clock,
  ) {}

  get peer(): string {
    return this.link.peer;
  }

  get localAddress(): string | undefined {
    return this.link.localAddress;
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /** Begins to listen. To be called once. */
  start(handler: ControlHandler): void {
    invariant(this.#handler === undefined, 'a control connection is started once');
    this.#handler = handler;
    this.link.open({
      onEnvelope: (envelope) => {
        this.#receive(envelope);
      },
      onClosed: (cause) => {
        this.#end(cause, true);
      },
    });
  }

  /** Nothing happens when the connection has ended: the handler is told of that. */
  send(message: ControlMessage): void {
    if (!this.closed) this.link.post({ kind: 'message', message });
  }

  /** Throws what the other side threw (as `RemoteError`), `RequestTimeoutError`, or `ControlConnectionLostError`. */
  request<R extends ControlRequest>(request: R, timeoutMs: number): Promise<AnswerTo<R>> {
    if (this.#closed) return Promise.reject(this.#closed);
    const id = this.#nextId++;
    return new Promise<ControlAnswer>((resolve, reject) => {
      this.link.post({ kind: 'request', id, request });
      const expire = (): void => {
        this.#settle(id)?.reject(new RequestTimeoutError(this.peer, request.type, timeoutMs));
      };
      this.#pending.set(id, { resolve, reject, deadline: this.clock.setTimer(timeoutMs, expire, { background: true }) });
    }) as Promise<AnswerTo<R>>;
  }

  /** Says why and ends the connection; open requests of this side fail. */
  close(reason: string): void {
    if (this.closed) return;
    this.link.post({ kind: 'goodbye', reason });
    this.link.close();
    this.#end(new ControlConnectionLostError(this.peer, reason), false);
  }

  /** Ends the connection without a word: the other side does not listen any more. */
  destroy(reason: string): void {
    if (this.closed) return;
    this.link.destroy();
    this.#end(new ControlConnectionLostError(this.peer, reason), false);
  }

  #receive(envelope: Envelope): void {
    if (this.closed) return;
    switch (envelope.kind) {
      case 'message':
        return this.#handle(envelope.message);
      case 'request':
        return void this.#answer(envelope.id, envelope.request);
      case 'answer':
        return this.#settle(envelope.id)?.resolve(envelope.answer);
      case 'refusal':
        return this.#settle(envelope.id)?.reject(new RemoteError(envelope.error));
      case 'goodbye':
        this.link.destroy();
        return this.#end(new ControlConnectionLostError(this.peer, envelope.reason, undefined, true), true);
    }
  }

  #handle(message: ControlMessage): void {
    try {
      this.#handler?.onMessage(message);
    } catch (error) {
      const reason = `handling "${message.type}" failed: ${error instanceof Error ? error.message : String(error)}`;
      this.link.post({ kind: 'goodbye', reason });
      this.link.close();
      this.#end(new ControlConnectionLostError(this.peer, reason, error), true);
    }
  }

  async #answer(id: number, request: ControlRequest): Promise<void> {
    try {
      const answer = await this.#handler!.onRequest(request);
      if (!this.closed) this.link.post({ kind: 'answer', id, answer });
    } catch (error) {
      if (!this.closed) this.link.post({ kind: 'refusal', id, error: serializeError(error) });
    }
  }

  #settle(id: number): PendingRequest | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.deadline.cancel();
    return pending;
  }

  #end(cause: Error, tell: boolean): void {
    if (this.#closed) return;
    this.#closed = cause instanceof FlinkError ? cause : new ControlConnectionLostError(this.peer, cause.message, cause);
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(this.#closed);
    if (tell) this.#handler?.onClosed(this.#closed);
  }
}
