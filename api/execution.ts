import type { Executor } from './graph/stream-graph.js';

/** Where a program asks to run. `default` is wherever the entry point decides: the cluster of the command line, or locally. */
export type ExecutionTarget =
  | { readonly kind: 'default' }
  | { readonly kind: 'local'; readonly web: boolean; readonly configuration: Readonly<Record<string, string>> }
  | { readonly kind: 'remote'; readonly host: string; readonly port: number };

/** What the place of execution tells a program's environment. */
export interface ExecutionDefaults {
  readonly parallelism: number;
  readonly configuration: Readonly<Record<string, string>>;
}

/** Finds executors; installed once in a process by its entry point (program run by node, CLI, slot). */
export interface ExecutorProvider {
  defaults(target: ExecutionTarget): ExecutionDefaults;
  executor(target: ExecutionTarget): Promise<Executor>;
}

let installed: ExecutorProvider | undefined;

/** `undefined` leaves the process without one. */
export function installExecutorProvider(provider: ExecutorProvider | undefined): void {
  installed = provider;
}

export function executorProvider(): ExecutorProvider | undefined {
  return installed;
}
