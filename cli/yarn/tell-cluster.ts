import type { ActionContext } from '../action.js';

/** Where a program is going to run. */
export interface ToldCluster {
  readonly applicationId: string;
  readonly host: string;
  readonly port: number;
  readonly webInterface: string;
}

/** Tells it in Flink's words, unless the command line asks for quiet. */
export function tellCluster({ terminal, arguments: parsed }: ActionContext, cluster: ToldCluster): void {
  if (parsed.flag('sysoutLogging')) return;
  terminal.print(`Cluster configuration: Yarn cluster with application id ${cluster.applicationId}`);
  terminal.print(`Using address ${cluster.host}:${cluster.port} to connect to JobManager.`);
  terminal.print(`JobManager web interface address ${cluster.webInterface}`);
  terminal.print('Starting execution of program');
}
