import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { FileNotFoundError } from '#core';
import { HdfsPermissionError, HdfsQuotaError, HdfsRemoteError, HdfsSafeModeError, HdfsUnreachableError } from '#connectors';
import { simpleAuthentication } from '#security';
import { NameNodeClient } from '../../../connectors/hdfs/name-node-client.js';
import { rejection } from '../../support/rejection.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server that answers as a NameNode would, request after request; the last answer again and again. */
class ScriptedNameNode {
  readonly asked: string[] = [];
  readonly #server: Server;

  constructor(private readonly answers: readonly Answer[]) {
    this.#server = createServer((request, response) => {
      const answer = this.answers[Math.min(this.asked.length, this.answers.length - 1)]!;
      this.asked.push(request.url ?? '');
      answer(request, response);
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const answers =
  (body: object): Answer =>
  (_request, response) => {
    response.end(JSON.stringify(body));
  };
const refuses =
  (exception: string, message = 'because'): Answer =>
  (_request, response) => {
    response.statusCode = 403;
    response.end(JSON.stringify({ RemoteException: { exception, javaClassName: `x.${exception}`, message: `${message}\n at java` } }));
  };
const breaks: Answer = (request) => request.socket.destroy();

describe('calls to NameNodes', () => {
  const open: ScriptedNameNode[] = [];
  afterEach(() => {
    for (const nameNode of open.splice(0)) nameNode.close();
  });

  async function clientOf(...scripts: (readonly Answer[])[]): Promise<NameNodeClient> {
    const pages: string[] = [];
    for (const script of scripts) {
      const nameNode = new ScriptedNameNode(script);
      open.push(nameNode);
      pages.push(await nameNode.listen());
    }
    return new NameNodeClient(pages, simpleAuthentication('ann'), 'ns1');
  }
  const call = { method: 'GET', op: 'GETFILESTATUS', path: 'hdfs://ns1/a b%', wanted: 'look at' } as const;

  it('carry the user and escape the path', async () => {
    const client = await clientOf([answers({ ok: true })]);
    expect((await client.call(call)).body).to.deep.equal({ ok: true });
    expect(open[0]!.asked).to.deep.equal(['/webhdfs/v1/a%20b%25?op=GETFILESTATUS&user.name=ann']);
  });

  it('find the active NameNode, and remember it', async () => {
    const client = await clientOf([refuses('StandbyException')], [answers({ ok: true })]);
    await client.call(call);
    await client.call(call);
    expect(open.map(({ asked }) => asked.length)).to.deep.equal([1, 2]);
  });

  it('wait for a NameNode that becomes active, or asks for patience', async () => {
    const client = await clientOf([refuses('StandbyException'), refuses('RetriableException'), answers({ ok: true })], [breaks]);
    expect((await client.call(call)).repeated).to.equal(true);
  });

  it('that broke off may have been carried out all the same', async () => {
    const client = await clientOf([breaks, refuses('FileNotFoundException')]);
    const reply = await client.call({ ...call, method: 'PUT', op: 'RENAME' }, () => Promise.resolve(true));
    expect(reply.body).to.equal(undefined);
  });

  it('are refused with an error of the kind', async () => {
    const kinds = [
      ['FileNotFoundException', FileNotFoundError, 'file or directory "hdfs://ns1/a b%" does not exist'],
      ['AccessControlException', HdfsPermissionError, 'could not look at "hdfs://ns1/a b%": permission denied: because'],
      ['SafeModeException', HdfsSafeModeError, 'the NameNode is in safe mode'],
      ['NSQuotaExceededException', HdfsQuotaError, 'over the quota: because'],
      ['SomeException', HdfsRemoteError, 'could not look at "hdfs://ns1/a b%": because'],
    ] as const;
    for (const [exception, kind, message] of kinds) {
      const error = await rejection((await clientOf([refuses(exception)])).call(call));
      expect(error).to.be.instanceOf(kind);
      expect((error as Error).message)
        .to.include(message)
        .and.not.include('java');
    }
  });

  it('say within seconds that nobody is there', async () => {
    const client = await clientOf([breaks]);
    open[0]!.close();
    const error = await rejection(client.call(call));
    expect(error).to.be.instanceOf(HdfsUnreachableError);
    expect((error as Error).message).to.match(/NameNode 127\.0\.0\.1:\d+: connection refused/);
  });
});
