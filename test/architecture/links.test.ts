import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../scripts/project.js';

function documents(): string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(join(projectRoot, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name));
  return [...inFolder('.'), ...inFolder('docs')];
}

/** The anchors that a heading gets where Markdown is shown: lower case, blanks as hyphens, other signs left out. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ +(.*)$/gm)].map(([, heading]) => heading ?? '');
  const anchor = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
  return new Set(headings.map(anchor));
}

/** The links of a document that lead nowhere; links to other hosts are not followed. */
function brokenLinks(document: string): string[] {
  const text = readFileSync(join(projectRoot, document), 'utf8');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(projectRoot, target))) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchorsOf(readFileSync(join(projectRoot, target), 'utf8')).has(anchor);
    })
    .map((link) => `${document}: ${link}`);
}

describe('documents', () => {
  for (const document of documents()) {
    it(`${document} links only to what is there`, () => {
      expect(brokenLinks(document)).to.deep.equal([]);
    });
  }
});
