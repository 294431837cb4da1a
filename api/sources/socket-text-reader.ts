import { connect, type Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { Timer } from '#core';
import type { PollStatus, SourceOutput, SourceReader, SourceReaderContext } from '../connector/source.js';
import { SocketFailedError, SocketRecordTooLargeError } from '../socket-errors.js';
import type { SocketTextOptions } from './socket-text-source.js';

const RETRY_AFTER_MS = 500;
/** Queued text above which the socket is paused. */
const QUEUED_LENGTH = 1024 * 1024;
const LONGEST_RECORD_LENGTH = 64 * 1024 * 1024;

/**
 * States: connecting -> connected -> (connection ends) -> waiting to retry -> connecting … -> ended.
 */
export class SocketTextReader implements SourceReader<string> {
  readonly #context: SourceReaderContext;
  readonly #options: SocketTextOptions;
  #socket: Socket | undefined;
  #retryTimer: Timer | undefined;
  #retriesLeft: number;
  #decoder = new StringDecoder('utf8');
  /** Text that is not emitted yet, whole records first. */
  #text = '';
  #next = 0;
  #ended = false;
  #closed = false;

  constructor(context: SourceReaderContext, options: SocketTextOptions) {
    this.#context = context;
    this.#options = options;
    this.#retriesLeft = options.maxRetry === -1 ? Infinity : options.maxRetry;
  }

  open(): void {
    this.#connect();
  }

  poll(output: SourceOutput<string>, maxRecords: number): PollStatus {
    const { delimiter } = this.#options;
    const text = this.#text;
    for (let emitted = 0; emitted < maxRecords && !output.blocked; emitted++) {
      const end = text.indexOf(delimiter, this.#next);
      if (end < 0) return this.#wait();
      output.emit(text.substring(this.#next, this.#recordEnd(text, end)));
      this.#next = end + delimiter.length;
    }
    return 'more';
  }

  close(): void {
    this.#closed = true;
    this.#retryTimer?.cancel();
    this.#socket?.destroy();
  }

  #recordEnd(text: string, end: number): number {
    const carriageReturn = this.#options.delimiter === '\n' && end > this.#next && text.charCodeAt(end - 1) === 13;
    return carriageReturn ? end - 1 : end;
  }

  /** No whole record is left. */
  #wait(): PollStatus {
    this.#text = this.#text.slice(this.#next);
    this.#next = 0;
    if (this.#ended) return 'end';
    this.#socket?.resume();
    return 'idle';
  }

  #connect(): void {
    const { host, port } = this.#options;
    const socket = connect({ host, port });
    this.#socket = socket;
    let failure: Error | undefined;
    let connected = false;
    socket.on('connect', () => {
      connected = true;
    });
    socket.on('data', (bytes) => {
      this.#receive(bytes);
    });
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => {
      this.#disconnected(connected, failure);
    });
  }

  #receive(bytes: Buffer): void {
    const { host, port } = this.#options;
    this.#text += this.#decoder.write(bytes);
    const length = this.#text.length - this.#next;
    if (length >= LONGEST_RECORD_LENGTH) this.#context.fail(new SocketRecordTooLargeError(host, port, LONGEST_RECORD_LENGTH));
    if (length >= QUEUED_LENGTH && this.#text.includes(this.#options.delimiter, this.#next)) this.#socket?.pause();
    this.#context.wake();
  }

  #disconnected(connected: boolean, failure: Error | undefined): void {
    if (this.#closed) return;
    if (connected) this.#endRecord();
    if (this.#retriesLeft > 0) {
      this.#retryLater();
      return;
    }
    const { host, port } = this.#options;
    if (failure) this.#context.fail(new SocketFailedError(host, port, failure));
    this.#ended = true;
    this.#context.wake();
  }

  /** What came without a delimiter before the connection ended is a record. */
  #endRecord(): void {
    this.#text += this.#decoder.end();
    this.#decoder = new StringDecoder('utf8');
    const { delimiter } = this.#options;
    if (this.#text.length > this.#next && !this.#text.endsWith(delimiter)) this.#text += delimiter;
    this.#context.wake();
  }

  #retryLater(): void {
    this.#retriesLeft--;
    const { host, port } = this.#options;
    this.#context.logger.warn('Lost connection to server socket. Retrying in 500 msecs...', { host, port });
    this.#retryTimer = this.#context.clock.setTimer(RETRY_AFTER_MS, () => {
      this.#connect();
    });
  }
}
