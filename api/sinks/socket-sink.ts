import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { FinishStep, Sink, SinkWriter, SinkWriterContext } from '../connector/sink.js';
import { SocketFailedError } from '../socket-errors.js';
import { formatRecord } from './format-record.js';

/** Bytes given to the socket but not yet sent, above which the writer is blocked. */
const UNSENT_BYTES = 256 * 1024;

/** Writes records to a server's socket, with one connection for each subtask. */
export class SocketSink<T> implements Sink<T> {
  readonly #host: string;
  readonly #port: number;
  readonly #serialize: (value: T) => string | Uint8Array;

  /** @param serialize the bytes of a record, or its text; by default a line of `formatRecord`. */
  constructor(host: string, port: number, serialize: (value: T) => string | Uint8Array = asLine) {
    this.#host = host;
    this.#port = port;
    this.#serialize = serialize;
  }

  createWriter(context: SinkWriterContext): SinkWriter<T> {
    return new SocketWriter<T>(context, this.#host, this.#port, this.#serialize);
  }
}

function asLine(value: unknown): string {
  return `${formatRecord(value)}\n`;
}

class SocketWriter<T> implements SinkWriter<T> {
  readonly #context: SinkWriterContext;
  readonly #host: string;
  readonly #port: number;
  readonly #serialize: (value: T) => string | Uint8Array;
  #socket: Socket | undefined;
  #failure: SocketFailedError | undefined;
  #corked = false;
  #closed = false;

  constructor(context: SinkWriterContext, host: string, port: number, serialize: (value: T) => string | Uint8Array) {
    this.#context = context;
    this.#host = host;
    this.#port = port;
    this.#serialize = serialize;
  }

  get blocked(): boolean {
    return (this.#socket?.writableLength ?? 0) >= UNSENT_BYTES;
  }

  async open(): Promise<void> {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    this.#socket = socket;
    try {
      await once(socket, 'connect', { signal: this.#context.signal });
    } catch (error) {
      socket.destroy();
      throw new SocketFailedError(this.#host, this.#port, error);
    }
    socket.on('error', (error) => {
      this.#fail(error);
    });
    socket.on('close', () => {
      this.#fail(undefined);
    });
    socket.on('drain', () => {
      this.#context.wake();
    });
    // What the server may send is of no interest, but must be read for its end to be seen.
    socket.resume();
  }

  write(value: T): void {
    const socket = this.#socket;
    if (!socket) return;
    if (!this.#corked) this.#corkForThisRound(socket);
    socket.write(this.#serialize(value));
  }

  async flush(endOfInput: boolean): Promise<readonly FinishStep[]> {
    const socket = this.#socket;
    if (!socket) return [];
    socket.uncork();
    await new Promise<void>((resolve, reject) => {
      if (this.#failure) reject(this.#failure);
      else {
        socket.write('', (error) => {
          if (error) reject(new SocketFailedError(this.#host, this.#port, error));
          else resolve();
        });
      }
    });
    if (endOfInput) await this.#end(socket);
    return [];
  }

  close(): void {
    this.#closed = true;
    this.#socket?.destroy();
  }

  /** Records written in one round of the event loop go out together. */
  #corkForThisRound(socket: Socket): void {
    this.#corked = true;
    socket.cork();
    setImmediate(() => {
      this.#corked = false;
      socket.uncork();
    });
  }

  async #end(socket: Socket): Promise<void> {
    this.#closed = true;
    const closed = once(socket, 'close');
    socket.end();
    await closed;
  }

  #fail(cause: unknown): void {
    if (this.#closed || this.#failure) return;
    this.#failure = new SocketFailedError(this.#host, this.#port, cause);
    this.#context.fail(this.#failure);
  }
}
