import { expect } from 'chai';
import { readSources } from '../../scripts/project.js';

/** `window-operator.ts`, and in the parts of a name that say what kind of file it is: `word-count.test.ts`, `grammar.generated.ts`. */
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|bench|generated|d))?\.ts$/;

/** Paths of somebody's machine, and hosts that a user may not reach. */
const NOT_EVERYWHERE = [/["'`\s]\/(?:home|root|Users|work)\/\w/, /registry\.npm[a-z]*js/, /repo1?\.maven/];

describe('files', () => {
  const files = readSources();

  it('have names in kebab-case', () => {
    const names = files.filter(({ path }) => !KEBAB_CASE.test(path.slice(path.lastIndexOf('/') + 1)));
    expect(names.map(({ path }) => path)).to.deep.equal([]);
  });

  it('name no place that exists on one machine only', () => {
    const found = files.filter(({ text }) => NOT_EVERYWHERE.some((pattern) => pattern.test(text)));
    expect(found.map(({ path }) => path)).to.deep.equal([]);
  });
});
