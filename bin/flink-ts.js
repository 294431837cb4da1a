#!/usr/bin/env node
/* The command line of flink-ts, as npm installs it: plain JavaScript that runs on every system. */
import { existsSync } from 'node:fs';

const cli = new URL('../dist/bundle/cli.js', import.meta.url);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `flink-ts needs Node.js 20.19 or newer, but this is ${process.versions.node}.\n  Install a newer one from https://nodejs.org.\n`,
  );
  process.exit(1);
}
if (!existsSync(cli)) {
  process.stderr.write('flink-ts is not built: there is no "dist" beside "bin".\n  Run "npm ci && npm run build" in the checkout.\n');
  process.exit(1);
}
const { runProcess } = await import(cli.href);
await runProcess();
