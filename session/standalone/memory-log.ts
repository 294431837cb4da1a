import { PerformanceObserver } from 'node:perf_hooks';
import type { Clock, Logger, Timer } from '#core';
import { type Configuration, memoryLogIntervalMs, memoryLogThread } from '#conf';

const MEGABYTE = 1024 * 1024;

/** Logs the memory of the process at regular intervals when `taskmanager.debug.memory.startLogThread` is set. */
export function logMemory(configuration: Configuration, clock: Clock, logger: Logger): { stop(): void } {
  if (!configuration.get(memoryLogThread)) return { stop: () => undefined };
  const collections = { count: 0, timeMs: 0 };
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      collections.count++;
      collections.timeMs += duration;
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  const intervalMs = configuration.get(memoryLogIntervalMs);
  let timer: Timer;
  const log = (): void => {
    logger.info(memoryText(collections));
    timer = clock.setTimer(intervalMs, log, { background: true });
  };
  timer = clock.setTimer(intervalMs, log, { background: true });
  return {
    stop: () => {
      timer.cancel();
      observer.disconnect();
    },
  };
}

function memoryText({ count, timeMs }: { readonly count: number; readonly timeMs: number }): string {
  const { rss, heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
  const mb = (bytes: number): number => Math.round(bytes / MEGABYTE);
  return (
    `Memory usage stats: [HEAP: ${mb(heapUsed)}/${mb(heapTotal)} MB, OFF-HEAP: ${mb(external)} MB (buffers ${mb(arrayBuffers)} MB), ` +
    `PROCESS: ${mb(rss)} MB], Garbage collector stats: [COUNT: ${count}, TIME: ${Math.round(timeMs)} ms]`
  );
}
