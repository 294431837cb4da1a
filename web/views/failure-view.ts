import type { FailureEntry, JobStatus, SerializedError } from '#runtime';

/** The exceptions of a job: the first is the root, the history follows with the newest first. */
export function exceptionsView(status: JobStatus, maxExceptions: number): unknown {
  const [root] = status.failures;
  const shown = status.failures.slice(0, maxExceptions);
  return {
    'root-exception': root ? stackText(root.error) : null,
    timestamp: root?.timestampMs ?? null,
    'all-exceptions': shown.map((entry) => ({
      exception: stackText(entry.error),
      task: entry.taskName ?? null,
      location: entry.location ?? '(unassigned)',
      timestamp: entry.timestampMs,
      taskManagerId: entry.taskManagerId ?? null,
    })),
    truncated: shown.length < status.failures.length,
    exceptionHistory: { entries: shown.map(historyEntry), truncated: shown.length < status.failures.length },
  };
}

function historyEntry(entry: FailureEntry): unknown {
  return {
    exceptionName: entry.error.name,
    stacktrace: stackText(entry.error),
    timestamp: entry.timestampMs,
    failureLabels: {},
    taskName: entry.taskName ?? null,
    endpoint: entry.location ?? null,
    taskManagerId: entry.taskManagerId ?? null,
    concurrentExceptions: [],
  };
}

/** The error and its causes, with the places where they happened. */
export function stackText(error: SerializedError): string {
  const own = error.stack === '' ? `${error.name}: ${error.message}` : error.stack;
  return error.cause === undefined ? own : `${own}\nCaused by: ${stackText(error.cause)}`;
}
