import { join } from 'node:path';
import type { DaemonPlan } from './daemon.js';
import type { PlanContext } from './service.js';

/** Little memory, quick start. The web applications of YARN reach into java.lang. */
const FLAGS = [
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xss512k',
  '--add-opens',
  'java.base/java.lang=ALL-UNNAMED',
  '-Djava.net.preferIPv4Stack=true',
];

export interface JavaProgram {
  readonly main: string;
  readonly heapMb: number;
  /** Settings of this process alone. */
  readonly conf?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** Directory of Hadoop's configuration files in a testbed. */
export function confDirectory(home: string): string {
  return join(home, 'conf');
}

/** Arguments of `java` for a program of Hadoop's. */
export function javaArguments({ home, jars }: Pick<PlanContext, 'home' | 'jars'>, program: JavaProgram): readonly string[] {
  const settings = Object.entries(program.conf ?? {}).flatMap(([key, value]) => ['-D', `${key}=${value}`]);
  const classPath = `${confDirectory(home)}:${jars}/*`;
  return [`-Xmx${program.heapMb}m`, ...FLAGS, '-cp', classPath, program.main, ...settings, ...(program.args ?? [])];
}

export function javaDaemon(context: PlanContext, name: string, service: string, program: JavaProgram): DaemonPlan {
  const environment = { HADOOP_CONF_DIR: confDirectory(context.home) };
  return { name, service, command: 'java', args: javaArguments(context, program), environment };
}
