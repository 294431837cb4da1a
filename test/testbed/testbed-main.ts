import { rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readPlan, SERVICE_NAMES, type ServiceName } from './testbed-plan.js';
import { Testbed } from './testbed.js';

/* The command `scripts/testbed`. */
const HELP = `A real Hadoop on this machine, from the jars of Maven Central. Needs Java and Maven.

  scripts/testbed start [${SERVICE_NAMES.join('|')}]...   starts services (all, when none is named) and waits until they serve
  scripts/testbed env                     prints shell exports: eval "$(scripts/testbed env)"
  scripts/testbed status                  says which daemons run
  scripts/testbed stop                    stops them, and removes their files

  --dir <directory>     where its files are (default: ${defaultHome()}); another directory is another testbed
  --data-nodes <n>      DataNodes (default: 1)
  --name-nodes <1|2>    2: a name service "ns1" with an active and a standby NameNode (default: 1)
  --node-managers <n>   NodeManagers (default: 1)
  --classic-memory-checks   check the memory of containers as Hadoop 2 did
  -D <key=value>        a Hadoop setting
  --keep                stop: keep the files; the next start goes on with them
`;

function defaultHome(): string {
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'flink-ts', 'testbed');
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dir: { type: 'string', default: defaultHome() },
    'data-nodes': { type: 'string', default: '1' },
    'name-nodes': { type: 'string', default: '1' },
    'node-managers': { type: 'string', default: '1' },
    'classic-memory-checks': { type: 'boolean', default: false },
    define: { type: 'string', short: 'D', multiple: true, default: [] },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const home = resolve(values.dir);

function chosenServices(names: readonly string[]): readonly ServiceName[] {
  const unknown = names.filter((name) => !SERVICE_NAMES.some((known) => known === name));
  if (unknown.length > 0) throw new Error(`no service is named "${unknown.join('", "')}"; there are ${SERVICE_NAMES.join(', ')}`);
  return names.length === 0 ? SERVICE_NAMES : (names as ServiceName[]);
}

async function start(names: readonly string[]): Promise<void> {
  const services = chosenServices(names);
  const before = readPlan(home);
  if (before !== undefined) say(`goes on with the testbed in ${home}: ${before.services.map(({ name }) => name).join(', ')}`);
  const startedAt = performance.now();
  const hdfs = { dataNodes: Number(values['data-nodes']), nameNodes: values['name-nodes'] === '2' ? 2 : 1 } as const;
  const yarn = { nodeManagers: Number(values['node-managers']), classicMemoryChecks: values['classic-memory-checks'] };
  const conf = Object.fromEntries(values.define.map(keyAndValue));
  await Testbed.start({ home, conf, hdfs, ...(services.includes('yarn') ? { yarn } : {}) }, say);
  say(`ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s; now: eval "$(scripts/testbed env${dirFlag()})"`);
}

function keyAndValue(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`"-D ${text}" should be key=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function dirFlag(): string {
  return home === defaultHome() ? '' : ` --dir ${home}`;
}

function existing(): Testbed {
  const testbed = Testbed.at(home);
  if (testbed === undefined) throw new Error(`there is no testbed in ${home}; begin with: scripts/testbed start${dirFlag()}`);
  return testbed;
}

function status(): void {
  for (const daemon of existing().daemons) {
    const { pid } = daemon;
    process.stdout.write(`${daemon.name.padEnd(16)} ${pid === undefined ? 'stopped' : `process ${pid}`}  ${daemon.logFile}\n`);
    if (pid === undefined) process.exitCode = 3;
  }
}

function printEnvironment(): void {
  for (const [name, value] of Object.entries(existing().exports)) process.stdout.write(`export ${name}='${value}'\n`);
}

async function stop(): Promise<void> {
  await existing().stop({ keepFiles: true });
  if (!values.keep) rmSync(home, { recursive: true, force: true });
}

async function command([name, ...rest]: readonly string[]): Promise<void> {
  if (values.help || name === undefined) return void process.stdout.write(HELP);
  switch (name) {
    case 'start':
      return start(rest);
    case 'stop':
      return stop();
    case 'status':
      status();
      return;
    case 'env':
      printEnvironment();
      return;
    default:
      throw new Error(`no command "${name}"; there are start, stop, status, env`);
  }
}

try {
  await command(positionals);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
