import type { Source, SourceReader, SourceReaderContext } from '../connector/source.js';
import { InvalidProgramError } from '../errors.js';
import { SocketTextReader } from './socket-text-reader.js';

export interface SocketTextOptions {
  readonly host: string;
  readonly port: number;
  /** What ends a record. With `\n`, a `\r` before it goes too. */
  readonly delimiter: string;
  /** How often a connection that failed or ended is made anew: 0 never, -1 for ever. */
  readonly maxRetry: number;
}

/**
 * Reads text from a server's socket, by one subtask. What comes after the last delimiter is a record when the connection
 * ends. A slow program makes the server wait.
 *
 * Delivery: at most once; what was sent while no connection stood is lost.
 * Throws:   `SocketFailedError` (external, retriable) when no connection can be made.
 */
export class SocketTextSource implements Source<string> {
  readonly boundedness = 'unbounded';
  readonly parallel = false;
  readonly #options: SocketTextOptions;

  constructor(options: SocketTextOptions) {
    if (options.delimiter === '') {
      throw new InvalidProgramError('the delimiter of a socket stream must not be empty', 'Leave it out for lines.');
    }
    if (!Number.isInteger(options.port) || options.port < 1 || options.port > 65535) {
      throw new InvalidProgramError(`"${options.port}" is not a port`, 'Give a number from 1 to 65535.');
    }
    if (!Number.isInteger(options.maxRetry) || options.maxRetry < -1) {
      throw new InvalidProgramError(
        'maxRetry must be zero or larger (num retries), or -1 (infinite retries)',
        'Give how often to connect again, or -1.',
      );
    }
    this.#options = options;
  }

  createReader(context: SourceReaderContext): SourceReader<string> {
    return new SocketTextReader(context, this.#options);
  }
}
