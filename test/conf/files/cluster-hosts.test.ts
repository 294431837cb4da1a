import { join } from 'node:path';
import { expect } from 'chai';
import { readMasters, readWorkers } from '#conf';
import { failureOf, withFiles } from '../temporary-directory.js';

describe('masters', () => {
  it('are hosts, with or without the port of the dashboard', async () => {
    await withFiles({ masters: '# all\nhost1:8081\n\n host2 # second\n[::1]:9000\n' }, async (directory) => {
      expect(await readMasters(directory)).to.deep.equal([
        { host: 'host1', webPort: 8081 },
        { host: 'host2', webPort: undefined },
        { host: '::1', webPort: 9000 },
      ]);
    });
  });

  it('are localhost when nothing is said', async () => {
    await withFiles({ masters: '\n' }, async (directory) => {
      expect(await readMasters(directory)).to.deep.equal([{ host: 'localhost', webPort: undefined }]);
      expect(await readMasters(join(directory, 'missing'))).to.deep.equal([{ host: 'localhost', webPort: undefined }]);
    });
  });

  it('are refused, with file and line, when they are no host and port', async () => {
    for (const line of ['host:port', 'host:99999', 'a b', ':8081']) {
      await withFiles({ masters: `ok\n${line}` }, async (directory) => {
        expect((await failureOf(() => readMasters(directory))).message, line).to.contain(`${join(directory, 'masters')}:2: `);
      });
    }
  });
});

describe('workers', () => {
  it('are listed in "slaves", one for each TaskManager', async () => {
    await withFiles({ slaves: 'a\na\nb # c\n' }, async (directory) => {
      expect(await readWorkers(directory)).to.deep.equal({ hosts: ['a', 'a', 'b'], warnings: [] });
    });
  });

  it('are listed in "workers" where that exists', async () => {
    await withFiles({ slaves: 'a', workers: 'b' }, async (directory) => {
      const { hosts, warnings } = await readWorkers(directory);
      expect(hosts).to.deep.equal(['b']);
      expect(warnings.map(({ kind, file }) => [kind, file])).to.deep.equal([['ignored-file', join(directory, 'slaves')]]);
    });
  });

  it('are localhost when there is no file, and refused when a line holds more than a host', async () => {
    await withFiles({ 'x/slaves': 'a b' }, async (directory) => {
      expect((await readWorkers(directory)).hosts).to.deep.equal(['localhost']);
      expect((await failureOf(() => readWorkers(join(directory, 'x')))).message).to.contain('slaves:1: "a b"');
    });
  });
});
