import { findCycles } from './layers/cycles.js';
import { checkImports } from './layers/rules.js';
import { readSources } from './project.js';

/* Fails, naming file and line, where an import leaves the architecture or files wait for each other at load. */
const files = readSources();
const violations = [...checkImports(files), ...findCycles(files)];
for (const { path, line, message } of violations) process.stderr.write(`${path}:${line} ${message}\n`);
if (violations.length > 0) process.exitCode = 1;
else process.stdout.write(`${files.length} files keep to their layers\n`);
