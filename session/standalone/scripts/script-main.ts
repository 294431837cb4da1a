import { FlinkError } from '#core';
import { startCluster, stopCluster } from './cluster-script.js';
import { daemonScript } from './daemon-script.js';
import { ScriptUsageError } from './errors.js';
import type { ScriptOutput } from './script-output.js';

/* What the files in bin/ run: script-main.js <script> <arguments>. */
const output: ScriptOutput = {
  print: (line) => {
    process.stdout.write(`${line}\n`);
  },
  printError: (line) => {
    process.stderr.write(`${line}\n`);
  },
};

const SCRIPTS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  jobmanager: async (args) => await daemonScript('jobmanager', args, output),
  taskmanager: async (args) => await daemonScript('taskmanager', args, output),
  'start-cluster': async (args) => await startCluster(args, output),
  'stop-cluster': async (args) => await stopCluster(args, output),
};

async function main(): Promise<number> {
  const [name = '', ...args] = process.argv.slice(2);
  const script = SCRIPTS[name];
  if (!script) throw new ScriptUsageError(`script-main.js ${Object.keys(SCRIPTS).join('|')}`);
  return await script(args);
}

function report(error: unknown): number {
  if (error instanceof ScriptUsageError) output.print(error.message);
  else if (error instanceof FlinkError) output.printError(`[ERROR] ${error.message}\n  ${error.action}`);
  else output.printError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}

process.exit(await main().catch(report));
