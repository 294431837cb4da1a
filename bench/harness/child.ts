import { spawn } from 'node:child_process';

export interface ChildOutput {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the start of the command to the first text on its standard output that was waited for; undefined when it did not come. */
  readonly firstMatchMs: number | undefined;
  readonly wallMs: number;
}

export interface ChildOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The text whose time counts; by default any complete line. */
  readonly firstMatch?: RegExp;
}

/** Runs a command to its end. */
export async function runChild(command: string, args: readonly string[], options: ChildOptions = {}): Promise<ChildOutput> {
  const startMs = performance.now();
  const firstMatch = options.firstMatch ?? /\n/;
  const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let firstMatchMs: number | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (firstMatchMs === undefined && firstMatch.test(stdout)) firstMatchMs = performance.now() - startMs;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  return { exitCode, stdout, stderr, firstMatchMs, wallMs: performance.now() - startMs };
}

/** As {@link runChild}; throws what the command wrote when it failed. */
export async function runToSuccess(command: string, args: readonly string[], options: ChildOptions = {}): Promise<ChildOutput> {
  const output = await runChild(command, args, options);
  if (output.exitCode === 0) return output;
  const said = `${output.stdout.slice(-3000)}${output.stderr.slice(-3000)}`;
  throw new Error(`"${[command, ...args].join(' ')}" ended with ${output.exitCode}\n${said}`);
}
