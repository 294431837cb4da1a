import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../scripts/project.js';

interface Manifest {
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Manifest;

describe('dependencies', () => {
  for (const name of Object.keys(manifest.dependencies)) {
    it(`"${name}" loads on Node ${process.versions.node}`, async () => {
      const loaded = (await import(name)) as object;
      expect(Object.keys(loaded)).not.to.be.empty;
    });
  }

  it('are pinned to exact versions', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).to.deep.equal([]);
  });

  it('are installed for the Node.js that the package asks for', () => {
    expect(manifest.engines.node).to.equal('>=20.19');
  });
});
