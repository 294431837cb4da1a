import type { Clock, Logger, Timer } from '#core';
import type { ControlConnection, ControlHandler } from '../control/control-connection.js';
import { ControlConnectionLostError, HandshakeRefusedError } from '../control/errors.js';
import type { Hardware, Registered, TaskManagerDescription } from '../control/messages.js';
import { RegistrationTimeoutError } from './errors.js';

/** Makes a connection to the JobManager, wherever it is now. */
export type ConnectToJobManager = (signal: AbortSignal) => Promise<ControlConnection>;

export interface LinkOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly connect: ConnectToJobManager;
  readonly maxRegistrationMs: number;
  readonly askTimeoutMs: number;
}

/** What the link asks of its TaskManager. */
export interface LinkOwner {
  describe(connection: ControlConnection): TaskManagerDescription;
  hardware(): Hardware;
  /** What to do with what comes in. Heartbeats and the end of the connection are the link's. */
  handler(connection: ControlConnection): Pick<ControlHandler, 'onMessage' | 'onRequest'>;
  onRegistered(connection: ControlConnection, registered: Registered): void;
  /** The JobManager is gone. It is looked for again when this has ended: by then all slots are free. */
  onLost(cause: Error): Promise<void>;
  /** A connection was tried and nobody took it. */
  onUnreachable(error: unknown): void;
}

/** The TaskManager is registered. */
interface Membership {
  /** Ends when the JobManager is lost, or the link is stopped. */
  readonly lost: Promise<Error>;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2000;

/** Keeps a TaskManager registered: finds a JobManager, exchanges heartbeats, and begins anew when it is lost. */
export class JobManagerLink {
  readonly #stop = new AbortController();
  #connection: ControlConnection | undefined;
  #heartbeat: Timer | undefined;
  #tellLost: (cause: Error) => void = () => {};
  #told: string | undefined;

  constructor(
    private readonly options: LinkOptions,
    private readonly owner: LinkOwner,
  ) {}

  /** Ends after `stop`. Throws `RegistrationTimeoutError`, and `HandshakeRefusedError`, which no waiting can mend. */
  async run(): Promise<void> {
    for (let member = await this.#register(); member; member = await this.#register()) {
      const cause = await member.lost;
      this.#connection = undefined;
      this.#heartbeat?.cancel();
      if (this.#stopped) return;
      this.options.logger.warn('lost the JobManager', { reason: cause.message });
      await this.owner.onLost(cause);
    }
  }

  /** Says goodbye, unless it goes silently. */
  stop(reason: string, silently: boolean): void {
    if (this.#stopped) return;
    this.#stop.abort();
    this.#heartbeat?.cancel();
    if (silently) {
      this.#connection?.destroy(reason);
    } else {
      this.#connection?.send({ type: 'taskManagerLeaving', reason });
      this.#connection?.close(reason);
    }
    this.#tellLost(new ControlConnectionLostError('the JobManager', reason));
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Tries until it is registered, or, answering undefined, until it is stopped. */
  async #register(): Promise<Membership | undefined> {
    const { clock, maxRegistrationMs } = this.options;
    const beganMs = clock.monotonicMs();
    for (let delayMs = FIRST_RETRY_MS; !this.#stopped; delayMs = Math.min(LONGEST_RETRY_MS, delayMs * 2)) {
      try {
        return await this.#registerOnce();
      } catch (error) {
        if (this.#stopped) return undefined;
        if (error instanceof HandshakeRefusedError) throw error;
        this.owner.onUnreachable(error);
        const leftMs = maxRegistrationMs - (clock.monotonicMs() - beganMs);
        if (leftMs <= 0) throw new RegistrationTimeoutError(maxRegistrationMs, error);
        this.#logOnce(error instanceof Error ? error.message : String(error));
        await this.#pause(Math.min(delayMs, leftMs));
      }
    }
    return undefined;
  }

  async #registerOnce(): Promise<Membership | undefined> {
    const { connect, clock, askTimeoutMs } = this.options;
    const connection = await connect(this.#stop.signal);
    let tellLost!: (cause: Error) => void;
    const lost = new Promise<Error>((resolve) => {
      tellLost = resolve;
    });
    const heard = { atMs: clock.monotonicMs() };
    const handler = this.owner.handler(connection);
    connection.start({
      onMessage: (message) => {
        heard.atMs = clock.monotonicMs();
        if (message.type !== 'heartbeat') handler.onMessage(message);
      },
      onRequest: (request) => handler.onRequest(request),
      onClosed: tellLost,
    });
    try {
      const registered = await connection.request(
        { type: 'registerTaskManager', description: this.owner.describe(connection) },
        askTimeoutMs,
      );
      if (this.#stopped) throw new ControlConnectionLostError(connection.peer, 'the TaskManager is stopping');
      this.#connection = connection;
      this.#told = undefined;
      this.#tellLost = tellLost;
      this.#keepHeartbeat(connection, registered, heard, tellLost);
      this.owner.onRegistered(connection, registered);
      return { lost };
    } catch (error) {
      connection.close('registration failed');
      throw error;
    }
  }

  #keepHeartbeat(
    connection: ControlConnection,
    registered: Registered,
    heard: { readonly atMs: number },
    tellLost: (cause: Error) => void,
  ): void {
    const { heartbeatIntervalMs, heartbeatTimeoutMs } = registered;
    const beat = (): void => {
      if (connection.closed) return;
      if (this.options.clock.monotonicMs() - heard.atMs > heartbeatTimeoutMs) {
        const reason = `the JobManager sent no heartbeat for ${heartbeatTimeoutMs} ms`;
        connection.destroy(reason);
        return tellLost(new ControlConnectionLostError(connection.peer, reason));
      }
      connection.send({ type: 'heartbeat', hardware: this.owner.hardware() });
      this.#heartbeat = this.options.clock.setTimer(heartbeatIntervalMs, beat, { background: true });
    };
    this.#heartbeat = this.options.clock.setTimer(heartbeatIntervalMs, beat, { background: true });
  }

  /** The same reason again and again is not news. */
  #logOnce(reason: string): void {
    if (reason !== this.#told) this.options.logger.info('cannot register at a JobManager yet', { reason });
    this.#told = reason;
  }

  async #pause(delayMs: number): Promise<void> {
    const { signal } = this.#stop;
    await new Promise<void>((resolve) => {
      const stopped = (): void => {
        timer.cancel();
        resolve();
      };
      const timer = this.options.clock.setTimer(delayMs, () => {
        signal.removeEventListener('abort', stopped);
        resolve();
      });
      signal.addEventListener('abort', stopped, { once: true });
    });
  }
}
