import { join } from 'node:path';
import type { DaemonSurroundings } from '../../standalone/daemon.js';
import type { ContainerProcess } from './container-command.js';
import { splitDynamicProperties } from './dynamic-properties.js';

/** Exit codes of processes in YARN's containers, as Flink has them. */
export const ContainerExit = { startUpFailure: 31, runtimeFailure: 32 } as const;

export type ProcessEnvironment = Readonly<Record<string, string | undefined>>;

/** A process that YARN starts: its configuration lies in the working directory, its log goes where YARN wants logs. */
export function containerSurroundings(process: ContainerProcess, environment: ProcessEnvironment, directory: string): DaemonSurroundings {
  const [logDirectory = directory] = directoriesOf(environment['LOG_DIRS']);
  const dynamic = Buffer.from(environment['_DYNAMIC_PROPERTIES'] ?? '', 'base64').toString('utf8');
  return {
    exitCodes: ContainerExit,
    loadOptions: () => ({ directory, dynamicProperties: splitDynamicProperties(dynamic) }),
    logFile: () => join(logDirectory, `${process}.log`),
    tellStarter: () => {},
  };
}

/** A list of directories as YARN gives it. */
export function directoriesOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').filter((item) => item !== '');
}
