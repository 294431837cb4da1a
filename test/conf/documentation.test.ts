import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { configurationDocument } from '../../scripts/generate-configuration-docs.js';

describe('docs/configuration.md', () => {
  it('is up to date: run "node dist/scripts/generate-configuration-docs.js" when this fails', async () => {
    const text = await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
    expect(text === configurationDocument()).to.equal(true);
  });
});
