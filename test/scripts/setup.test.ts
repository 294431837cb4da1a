import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../scripts/project.js';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('scripts/setup', function () {
  this.timeout(60_000);
  let checkout: string;

  function write(path: string, text: string, at = new Date()): void {
    writeFileSync(join(checkout, path), text);
    utimesSync(join(checkout, path), at, at);
  }

  function setup(path = process.env['PATH'] ?? ''): Promise<Ran> {
    return new Promise((resolve) => {
      const env = { ...process.env, PATH: path };
      execFile('sh', [join(checkout, 'scripts/setup')], { cwd: tmpdir(), env }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  }

  /** A project with one dependency, beside it, and a build that copies one file. */
  before(() => {
    checkout = mkdtempSync(join(tmpdir(), 'flink-ts-checkout-'));
    for (const folder of ['scripts', 'core', 'neighbour']) mkdirSync(join(checkout, folder));
    copyFileSync(join(projectRoot, 'scripts/setup'), join(checkout, 'scripts/setup'));
    const build = `node -e "fs.copyFileSync('core/a.ts', 'dist/a.js')"`;
    const dependencies = { neighbour: 'file:./neighbour' };
    const packages = { '': { dependencies }, neighbour: {}, 'node_modules/neighbour': { resolved: 'neighbour', link: true } };
    write('neighbour/package.json', '{"name": "neighbour", "version": "1.0.0"}');
    write('package.json', JSON.stringify({ name: 'some', version: '1.0.0', dependencies, scripts: { build } }));
    write('package-lock.json', JSON.stringify({ name: 'some', version: '1.0.0', lockfileVersion: 3, requires: true, packages }));
    write('core/a.ts', 'first');
  });
  after(() => {
    rmSync(checkout, { recursive: true });
  });

  it('installs and builds a fresh checkout, from any directory', async () => {
    const { code, stderr } = await setup();
    expect(stderr).to.match(/installing dependencies\n(.*\n)*building\n/);
    expect(code).to.equal(0);
    expect(existsSync(join(checkout, 'node_modules/neighbour'))).to.equal(true);
    expect(existsSync(join(checkout, 'dist/a.js'))).to.equal(true);
  });

  it('says and does nothing when nothing changed', async () => {
    expect(await setup()).to.deep.equal({ code: 0, stdout: '', stderr: '' });
  });

  it('builds again when a source changed, or one is gone', async () => {
    write('core/b.ts', 'new', new Date(Date.now() + 1000));
    expect((await setup()).stderr).to.equal('building\n');
    rmSync(join(checkout, 'core/b.ts'));
    utimesSync(join(checkout, 'core'), new Date(), new Date(Date.now() + 1000));
    expect((await setup()).stderr).to.equal('building\n');
  });

  it('fails when the build fails, and builds again next time', async () => {
    rmSync(join(checkout, 'core/a.ts'));
    const failed = await setup();
    expect(failed.code).not.to.equal(0);
    expect(failed.stderr).to.include('ENOENT');
    write('core/a.ts', 'second');
    expect((await setup()).code).to.equal(0);
  });

  it('says which Node.js it needs', async () => {
    const bin = join(checkout, 'old');
    mkdirSync(bin);
    write('old/node', '#!/bin/sh\necho v18.20.4\n');
    chmodSync(join(bin, 'node'), 0o755);
    const { code, stderr } = await setup(`${bin}${delimiter}${process.env['PATH'] ?? ''}`);
    expect(code).to.equal(1);
    expect(stderr).to.equal(
      'flink-ts needs Node.js 20.19 or newer, but "node" is v18.20.4. Install a newer one from https://nodejs.org and try again.\n',
    );
  });
});
