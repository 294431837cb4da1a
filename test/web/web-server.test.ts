import { expect } from 'chai';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '#core';
import { Configuration } from '#conf';
import { type RestContext, startWebServer, WebAddressError, webBinding, WebPortInUseError } from '#web';
import { ScriptedGateway } from './scripted-gateway.js';

describe('web/web-server', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'web-server-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  const contextWith = (settings: Record<string, string>): RestContext => ({
    gateway: new ScriptedGateway(),
    configuration: Configuration.of({ 'web.tmpdir': directory, 'rest.bind-address': '127.0.0.1', ...settings }),
    clock: systemClock,
    logger: silentLogger,
    logPath: undefined,
    onShutDown: () => undefined,
  });
  const start = async (settings: Record<string, string>): ReturnType<typeof startWebServer> => {
    const context = contextWith(settings);
    const binding = webBinding(context.configuration);
    if (!binding) throw new Error('switched off');
    return await startWebServer(context, binding);
  };
  const occupyPort = async (): Promise<{ server: Server; port: number }> =>
    await new Promise((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve({ server, port: typeof address === 'object' && address ? address.port : 0 });
      });
    });

  it('is off with port -1, and chooses a port with 0', async () => {
    expect(webBinding(Configuration.of({ 'rest.port': '-1' }))).to.equal(undefined);
    const server = await start({ 'rest.port': '0' });
    expect(server.port).to.be.greaterThan(0);
    await server.close();
  });

  it('has a directory of its own while it runs', async () => {
    const server = await start({ 'rest.port': '0' });
    expect((await readdir(directory))[0]).to.match(/^flink-web-[0-9a-f-]{36}$/);
    await server.close();
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it('removes the directory of a server that was killed, and no other', async () => {
    const before = await start({ 'rest.port': '0' });
    const killed = join(directory, 'flink-web-killed');
    await mkdir(killed);
    await writeFile(join(killed, 'owner'), `${2 ** 22 + 1}@${hostname()}`);
    await mkdir(join(directory, 'flink-web-elsewhere'));
    await writeFile(join(directory, 'flink-web-elsewhere', 'owner'), '1@another-host');
    const after = await start({ 'rest.port': '0' });
    expect(await readdir(directory))
      .to.have.lengthOf(3)
      .and.not.include('flink-web-killed');
    await before.close();
    await after.close();
  });

  it('names the port that is in use, and takes the next of a range', async () => {
    const { server, port } = await occupyPort();
    try {
      const refused = await start({ 'rest.port': String(port) }).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refused).to.be.instanceOf(WebPortInUseError).with.property('message').that.includes(String(port));
      const next = await start({ 'rest.bind-port': `${port},0` });
      expect(next.port).not.to.equal(port);
      await next.close();
    } finally {
      server.close();
    }
  });

  it('refuses an address that is none of this machine', async () => {
    const refused = await start({ 'rest.port': '0', 'rest.bind-address': '203.0.113.1' }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(WebAddressError);
  });
});
