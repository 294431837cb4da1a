import { execFileSync, spawnSync } from 'node:child_process';

/** A program of the operating system that the testbed runs, and the Debian package that has it. */
interface Tool {
  readonly command: string;
  readonly versionFlag: string;
  readonly package: string;
}

const JAVA: Tool = { command: 'java', versionFlag: '-version', package: 'openjdk-17-jre-headless' };
const MAVEN: Tool = { command: 'mvn', versionFlag: '-v', package: 'maven' };

/** What runs Hadoop, and what downloads it. */
export const TOOLS: readonly Tool[] = [JAVA, MAVEN];

/**
 * Sees to it that the tools are there: root gets them from the package manager, where there is one; anybody else is told what to install.
 * Throws when one is missing in the end.
 */
export function requireTools(tools: readonly Tool[], say: (line: string) => void): void {
  const missing = tools.filter(({ command, versionFlag }) => spawnSync(command, [versionFlag], { stdio: 'ignore' }).status !== 0);
  if (missing.length === 0) return;
  const packages = missing.map((tool) => tool.package);
  const install = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const named = missing.map(({ command }) => `"${command}"`).join(' and ');
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) {
    throw new Error(`the testbed needs ${named}, not found on the PATH. On Debian or Ubuntu: sudo ${install}`);
  }
  say(`installing ${packages.join(', ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (args: string[]): void => void execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  run(['update', '-qq']);
  run(['install', '-y', '-qq', '--no-install-recommends', ...packages]);
}
