import { FlinkError } from '#core';
import { clusterUsage, startCluster, stopCluster } from './cluster-script.js';
import { DAEMON_USAGE, daemonScript } from './daemon-script.js';
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

interface Script {
  readonly usage: string;
  run(args: readonly string[]): Promise<number>;
}

const SCRIPTS: Readonly<Record<string, Script>> = {
  jobmanager: { usage: DAEMON_USAGE.jobmanager, run: async (args) => await daemonScript('jobmanager', args, output) },
  taskmanager: { usage: DAEMON_USAGE.taskmanager, run: async (args) => await daemonScript('taskmanager', args, output) },
  'start-cluster': { usage: clusterUsage('start-cluster.sh'), run: async (args) => await startCluster(args, output) },
  'stop-cluster': { usage: clusterUsage('stop-cluster.sh'), run: async (args) => await stopCluster(args, output) },
};

const HELP_WORDS: readonly string[] = ['-h', '--help'];

async function main(): Promise<number> {
  const [name = '', ...args] = process.argv.slice(2);
  const script = SCRIPTS[name];
  if (!script) throw new ScriptUsageError(`script-main.js ${Object.keys(SCRIPTS).join('|')}`);
  if (!HELP_WORDS.includes(args[0] ?? '')) return await script.run(args);
  output.print(`Usage: ${script.usage}`);
  return 0;
}

function report(error: unknown): number {
  if (error instanceof ScriptUsageError) output.print(error.message);
  else if (error instanceof FlinkError) output.printError(`[ERROR] ${error.message}\n  ${error.action}`);
  else output.printError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}

process.exit(await main().catch(report));
