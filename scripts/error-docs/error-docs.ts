import type { ProjectFile } from '../project.js';
import { readErrors } from './read-errors.js';
import { renderErrorDocs } from './render.js';

export const ERROR_DOCS = 'docs/errors.md';

const NOT_THE_PRODUCT = /^(test|scripts|bench|examples)\//;

/** Makes the text of docs/errors.md from the sources. Throws when an error class cannot be documented. */
export function errorDocs(files: readonly ProjectFile[]): string {
  const { kinds, problems } = readErrors(files.filter(({ path }) => !NOT_THE_PRODUCT.test(path)));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return renderErrorDocs(kinds);
}
