import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { beginCall, CONNECT_MS, wholeAnswer } from '#security';
import { ByteQueue } from './byte-queue.js';
import { remoteError, remoteException } from './remote-exception.js';

const HEAD_END = Buffer.from('\r\n\r\n');
/** Longer heads and error texts are not read. */
const HEAD_BYTES = 64 * 1024;

/** The bytes of a file on their way from a DataNode. */
export interface Download {
  /** What has come already; undefined when there is nothing. */
  take(): Buffer | undefined;
  /** At least one byte. Rejects with a `FlinkError` for a refusal, else with the error of the connection. */
  next(): Promise<Buffer>;
  close(): void;
}

/** The answer is one that only Node's own HTTP client understands. */
export class UnusualAnswerError extends Error {}

/**
 * Gets a file with the least work a byte: DataNodes answer with the length and then the plain bytes, which go from the socket to the reader
 * as they are. (Node's HTTP client copies every body: less than half as many bytes per CPU second.)
 */
export class SocketDownload implements Download {
  readonly #socket: Socket;
  readonly #queue: ByteQueue;
  /** Undefined once the head is read. */
  #head: Buffer | undefined = Buffer.alloc(0);

  constructor(
    private readonly path: string,
    url: URL,
  ) {
    const secure = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const address = { host, port: Number(url.port || (secure ? 443 : 80)) };
    this.#socket = secure ? connectSecurely({ ...address, servername: host }) : connect(address);
    this.#queue = new ByteQueue(this.#socket);
    const late = setTimeout(() => {
      this.#socket.destroy(Object.assign(new Error(`no connection within ${CONNECT_MS / 1000} s`), { code: 'ETIMEDOUT' }));
    }, CONNECT_MS);
    this.#socket.once(secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(late);
      this.#socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nAccept: */*\r\nConnection: close\r\n\r\n`);
    });
    this.#socket.on('data', (chunk: Buffer) => {
      if (this.#head === undefined) this.#queue.push(chunk);
      else this.#readHead(Buffer.concat([this.#head, chunk]));
    });
    this.#socket.once('error', (error) => {
      this.#queue.fail(error);
    });
    this.#socket.once('close', () => {
      clearTimeout(late);
      this.#ended();
    });
  }

  take(): Buffer | undefined {
    return this.#queue.take();
  }

  next(): Promise<Buffer> {
    return this.#queue.next();
  }

  close(): void {
    this.#socket.destroy();
  }

  #readHead(bytes: Buffer): void {
    this.#head = bytes;
    const end = bytes.indexOf(HEAD_END);
    if (end < 0) {
      if (bytes.length > HEAD_BYTES) this.#socket.destroy(new Error('no HTTP answer'));
      return;
    }
    const head = bytes.toString('latin1', 0, end);
    if (!/^HTTP\/1\.[01] 200 /.test(head)) return; // a refusal: gathered until the connection is closed
    if (!/^content-length:/im.test(head) || /^(transfer|content)-encoding:/im.test(head)) {
      this.#socket.destroy(new UnusualAnswerError('the answer has no length'));
      return;
    }
    this.#head = undefined;
    if (bytes.length > end + HEAD_END.length) this.#queue.push(bytes.subarray(end + HEAD_END.length));
  }

  #ended(): void {
    const end = this.#head?.indexOf(HEAD_END) ?? -1;
    const status = Number(/^HTTP\/1\.[01] (\d+)/.exec(this.#head?.toString('latin1', 0, 20) ?? '')?.[1] ?? 0);
    if (this.#head === undefined || end < 0 || status === 0) {
      this.#queue.fail(new Error('connection closed'));
      return;
    }
    const body = this.#head.subarray(end + HEAD_END.length);
    this.#queue.fail(remoteError('read', this.path, remoteException({ status, headers: {}, body })));
  }
}

/** Gets a file by Node's HTTP client: from gateways that answer in chunks. */
export class HttpDownload implements Download {
  readonly #request;
  readonly #queue: ByteQueue;

  constructor(path: string, url: URL) {
    this.#request = beginCall({ method: 'GET', url });
    let response: { pause(): void; resume(): void } | undefined;
    this.#queue = new ByteQueue({ pause: () => response?.pause(), resume: () => response?.resume() });
    const fail = (error: unknown): void => {
      this.#queue.fail(error);
    };
    this.#request.once('error', fail);
    this.#request.once('response', (answer) => {
      if (answer.statusCode !== 200) {
        wholeAnswer(answer).then((whole) => {
          fail(remoteError('read', path, remoteException(whole)));
        }, fail);
        return;
      }
      response = answer;
      answer.on('data', (chunk: Buffer) => {
        this.#queue.push(chunk);
      });
      answer.once('error', fail);
      answer.once('close', () => {
        fail(new Error('connection closed'));
      });
    });
    this.#request.end();
  }

  take(): Buffer | undefined {
    return this.#queue.take();
  }

  next(): Promise<Buffer> {
    return this.#queue.next();
  }

  close(): void {
    this.#request.destroy();
  }
}
