import { expect } from 'chai';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { toFileUri } from '#core';
import { simpleAuthentication } from '#security';
import { ResourceManagerClient } from '../../../session/yarn/client/resource-manager/client.js';
import { ResourceManagerConnection } from '../../../session/yarn/client/resource-manager/connection.js';
import { InteractiveSession } from '../../../cli/yarn/interactive-session.js';
import { until } from '../../support/until.js';
import { useTempDirectory } from '../../support/temp-directory.js';

const ID = 'application_1_0001';

/** A ResourceManager and a JobManager of one session, on one port. */
class SmallCluster {
  state = 'RUNNING';
  finalStatus = 'UNDEFINED';
  taskManagers = 2;
  messages: readonly string[] = [];
  /** Where the JobManager is, when it is elsewhere. */
  master: SmallCluster | undefined;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const { method, url = '' } = request;
      if (method === 'DELETE') {
        this.state = 'FINISHED';
        this.finalStatus = 'SUCCEEDED';
        response.end('{}');
      } else if (url.startsWith('/overview')) {
        response.end(JSON.stringify({ taskmanagers: this.taskManagers, 'slots-total': 8, messages: this.messages }));
      } else {
        const { state, finalStatus, address: amRPCAddress } = this.master ?? this;
        response.end(JSON.stringify({ app: { id: ID, state, finalStatus, diagnostics: 'why', amRPCAddress } }));
      }
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe('cli/yarn/interactive-session', () => {
  const directory = useTempDirectory();
  let cluster: SmallCluster;
  let input: PassThrough;
  let out: string[];
  let err: string[];
  let interrupt: AbortController;

  beforeEach(async () => {
    cluster = new SmallCluster();
    await cluster.listen();
    input = new PassThrough();
    out = [];
    err = [];
    interrupt = new AbortController();
  });
  afterEach(() => {
    cluster.close();
  });

  function session({ owned = true, typed = false } = {}): Promise<number> {
    const url = `http://${cluster.address}`;
    return new InteractiveSession({
      terminal: {
        print: (line) => void out.push(line),
        printError: (line) => void err.push(line),
        columns: 80,
        input,
        inputIsTyped: typed,
      },
      resourceManager: new ResourceManagerClient(
        new ResourceManagerConnection({ urls: [url], unnamed: false }, simpleAuthentication('me')),
      ),
      applicationId: ID,
      stagingDirectory: toFileUri(join(directory.path, 'staging')),
      propertiesFile: join(directory.path, 'none'),
      owned,
      signal: interrupt.signal,
    }).run();
  }

  const told = (text: string) => until(() => [...out, ...err].some((line) => line.includes(text)));

  it('tells of TaskManagers, and of the commands there are', async () => {
    const ending = session();
    await told('Number of connected TaskManagers changed to 2. Slots available: 8');
    input.write('help\nwhat\n');
    await told("Unknown command 'what'. Showing help: \nAvailable commands:");
    expect(err).to.include('Available commands:\nhelp - show these commands\nstop - stop the YARN session');
    input.write('quit\n');
    expect(await ending).to.equal(0);
    expect(out.at(-1)).to.equal(`Application ${ID} finished with state FINISHED and final state SUCCEEDED`);
  });

  it('stops what it started when it is interrupted, and leaves alone what it did not', async () => {
    const attached = session({ owned: false });
    interrupt.abort('SIGINT');
    expect(await attached).to.equal(0);
    expect(cluster.state).to.equal('RUNNING');
    expect(await session()).to.equal(0);
    expect(cluster.state).to.equal('FINISHED');
  });

  it('goes on at the end of the input, with a hint to whoever was typing', async () => {
    const ending = session({ typed: true });
    input.end();
    await told('No more commands can be typed; Ctrl-C ends this client.');
    await told('Number of connected TaskManagers');
    interrupt.abort('SIGINT');
    expect(await ending).to.equal(0);
  });

  it('tells what the JobManager has to say', async () => {
    cluster.messages = ['a job is lost', 'another too'];
    const ending = session({ owned: false });
    await told('New messages from the YARN cluster: \na job is lost\nanother too');
    interrupt.abort('SIGINT');
    expect(await ending).to.equal(0);
  });

  it('stops the ApplicationMaster where it is by then', async () => {
    const ending = session();
    await told('Number of connected TaskManagers');
    cluster.master = new SmallCluster();
    await cluster.master.listen();
    try {
      input.write('stop\n');
      expect(await ending).to.equal(0);
      expect([cluster.state, cluster.master.state]).to.deep.equal(['RUNNING', 'FINISHED']);
    } finally {
      cluster.master.close();
    }
  });

  it('has failed when the application has, and removes what that has left', async () => {
    mkdirSync(join(directory.path, 'staging', 'conf'), { recursive: true });
    cluster.state = 'FAILED';
    cluster.finalStatus = 'FAILED';
    expect(await session()).to.equal(1);
    expect(err).to.include('The YARN cluster has failed').and.to.include('Application failed. Diagnostics why');
    expect(err.join()).to.include(`yarn logs -applicationId ${ID}`);
    expect(existsSync(join(directory.path, 'staging'))).to.equal(false);
  });

  it('skips a poll that nothing answers', async () => {
    const ending = session({ owned: false });
    cluster.close();
    await told('Could not retrieve the current cluster status. Skipping current retrieval attempt ...');
    interrupt.abort('SIGINT');
    expect(await ending).to.equal(0);
  });
});
