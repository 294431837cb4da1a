import { runCommand } from './main.js';
import { reportError } from './report-error.js';
import { processTerminal } from './terminal.js';

/** Runs the command line of this process, to its end. A second Ctrl-C ends it at once. */
export async function runProcess(): Promise<never> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (interrupted.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143);
      interrupted.abort(signal);
    });
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read our output has gone, as `head` does when it has seen enough.
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  process.on('unhandledRejection', (reason) => {
    reportError(processTerminal, reason, false);
    process.exit(1);
  });
  const code = await runCommand(process.argv.slice(2), processTerminal, interrupted.signal);
  await flushed(process.stdout);
  await flushed(process.stderr);
  process.exit(code);
}

async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write('', () => {
      resolve();
    });
  });
}
