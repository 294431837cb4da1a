import { spawn } from 'node:child_process';
import { DAEMON_VARIABLE } from './processes.js';

/**
 * A shell that waits for the end of its input, which comes with the end of the process that started it, however that ends. Then it kills
 * the testbed's daemons and containers and removes its directory.
 */
const SCRIPT = `
trap '' INT HUP TERM
read -r last && [ "$last" = stopped ] && exit
for environ in /proc/[0-9]*/environ; do
  if grep -qzE "^(${DAEMON_VARIABLE}|LOCAL_DIRS)=$1/" "$environ" 2>/dev/null; then
    pid=\${environ#/proc/}
    kill -9 "\${pid%/environ}" 2>/dev/null
  fi
done
rm -rf "$1"
`;

/** Sees to it that nothing of a testbed is left when its process dies before it could stop it. */
export class Guardian {
  readonly #shell;

  constructor(home: string) {
    this.#shell = spawn('sh', ['-c', SCRIPT, 'sh', home], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#shell.unref();
    this.#shell.stdin.on('error', () => undefined);
    (this.#shell.stdin as unknown as { unref(): void }).unref();
  }

  /** The testbed was stopped in order: there is nothing to see to any more. */
  dismiss(): void {
    this.#shell.stdin.end('stopped\n');
  }
}
