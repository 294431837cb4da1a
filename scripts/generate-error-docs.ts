import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_DOCS, errorDocs } from './error-docs/error-docs.js';
import { projectRoot, readSources } from './project.js';

/* Writes docs/errors.md from the error classes of the project. */
writeFileSync(join(projectRoot, ERROR_DOCS), errorDocs(readSources()));
