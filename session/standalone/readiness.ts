import { writeSync } from 'node:fs';

/** The descriptor on which a script that starts a process listens for its news: {@link READY}, or why it could not start. */
export const READY_DESCRIPTOR = 3;
export const READY = 'ready';

/** Tells the script that started this process. Nothing happens when it was started by hand. */
export function tellStarter(news: string): void {
  if (process.env['FLINK_LOG_FILE'] === undefined || process.env['FLINK_LOG_FILE'] === '') return;
  try {
    writeSync(READY_DESCRIPTOR, `${news}\n`);
  } catch {
    // The script has stopped listening.
  }
}
