import { expect } from 'chai';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { simpleAuthentication } from '#security';
import {
  ApplicationNotFoundError,
  ResourceManagerAnswerError,
  ResourceManagerError,
  ResourceManagerStandbyError,
  ResourceManagerUnreachableError,
} from '../../../../../session/yarn/client/errors.js';
import { ResourceManagerClient } from '../../../../../session/yarn/client/resource-manager/client.js';
import { ResourceManagerConnection } from '../../../../../session/yarn/client/resource-manager/connection.js';
import { rejection } from '../../../../support/rejection.js';

const ID = 'application_1_0001';

describe('session/yarn/client/resource-manager/connection', () => {
  const servers: Server[] = [];

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function clientOf(...urls: string[]): ResourceManagerClient {
    return new ResourceManagerClient(new ResourceManagerConnection({ urls, unnamed: false }, simpleAuthentication('alice')));
  }

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  const active: RequestListener = (_request, response) => response.end(JSON.stringify({ state: 'RUNNING' }));
  const standby: RequestListener = (_request, response) => {
    response.setHeader('refresh', '3; url=http://other:8088/');
    response.end('This is standby RM. The redirect url is: http://other:8088/');
  };
  const redirecting: RequestListener = (_request, response) => response.writeHead(307, { location: 'http://other:8088/' }).end();

  it('says as whom it asks', async () => {
    let asked = '';
    const url = await serve((request, response) => {
      asked = request.url ?? '';
      active(request, response);
    });
    expect(await clientOf(url).state(ID)).to.equal('RUNNING');
    expect(asked).to.equal(`/ws/v1/cluster/apps/${ID}/state?user.name=alice`);
  });

  it('goes on to the active one of a pair, and stays with it', async () => {
    for (const passive of [standby, redirecting]) {
      let refused = 0;
      const first = await serve((request, response) => {
        refused++;
        passive(request, response);
      });
      const client = clientOf(first, await serve(active));
      expect(await client.state(ID)).to.equal('RUNNING');
      expect(await client.state(ID)).to.equal('RUNNING');
      expect(refused).to.equal(1);
    }
  });

  it('says when all are in standby', async () => {
    const error = await rejection(clientOf(await serve(standby), await serve(redirecting)).state(ID));
    expect(error).to.be.instanceOf(ResourceManagerStandbyError);
  });

  it('says soon when none answers, with the reasons', async () => {
    const silent = await serve(() => undefined);
    const startMs = Date.now();
    const error = await rejection(clientOf('http://127.0.0.1:1', silent).state(ID));
    expect(Date.now() - startMs).to.be.lessThan(5000);
    expect(error).to.be.instanceOf(ResourceManagerUnreachableError);
    expect(String(error)).to.include('http://127.0.0.1:1 (connection refused)').and.to.include(`${silent} (no answer within 2 s)`);
  });

  it('tells what YARN refused, without its classes', async () => {
    const message = 'org.apache.hadoop.yarn.exceptions.YarnException: no such queue\n\tat org.apache.X.y(X.java:1)';
    const url = await serve((_request, response) => {
      response.writeHead(400).end(JSON.stringify({ RemoteException: { exception: 'BadRequestException', message } }));
    });
    const error = await rejection(clientOf(url).newApplication());
    expect(error).to.be.instanceOf(ResourceManagerError);
    expect((error as Error).message).to.equal('the YARN ResourceManager refused to give an id to a new application: no such queue');
  });

  it('knows an application that is not there', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(404).end(JSON.stringify({ RemoteException: { exception: 'NotFoundException', message: 'app not found' } }));
    });
    expect(await rejection(clientOf(url).report(ID))).to.be.instanceOf(ApplicationNotFoundError);
  });

  it('says when something else answers', async () => {
    const page = await serve((_request, response) => response.end('<html>'));
    expect(await rejection(clientOf(page).state(ID))).to.be.instanceOf(ResourceManagerAnswerError);
    const missing = await serve((_request, response) => response.writeHead(404).end('nothing here'));
    expect(await rejection(clientOf(missing).state(ID))).to.be.instanceOf(ResourceManagerAnswerError);
  });
});
