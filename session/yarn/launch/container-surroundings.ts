import { join } from 'node:path';
import type { KeyValues } from '#conf';
import type { DaemonSurroundings } from '../../standalone/daemon.js';
import type { ContainerProcess } from './container-command.js';
import { splitDynamicProperties } from './dynamic-properties.js';

/** Exit codes of processes in YARN's containers, as Flink has them. */
export const ContainerExit = { startUpFailure: 31, runtimeFailure: 32 } as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** A process that YARN starts: its configuration lies in the working directory, its log goes where YARN wants logs. */
export function containerSurroundings(process: ContainerProcess, environment: Environment, directory: string): DaemonSurroundings {
  const [logDirectory = directory] = listOf(environment['LOG_DIRS']);
  const dynamic = Buffer.from(environment['_DYNAMIC_PROPERTIES'] ?? '', 'base64').toString('utf8');
  return {
    exitCodes: ContainerExit,
    loadOptions: () => ({ directory, dynamicProperties: splitDynamicProperties(dynamic) }),
    logFile: () => join(logDirectory, `${process}.log`),
    tellStarter: () => {},
  };
}

/** What a container has of its own: directories that YARN removes with the application. */
export function containerDirectories(environment: Environment): KeyValues {
  const directories = listOf(environment['LOCAL_DIRS']);
  const [first] = directories;
  if (first === undefined) return {};
  return { 'taskmanager.tmp.dirs': directories.join(','), 'blob.storage.directory': first, 'web.tmpdir': first };
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').filter((item) => item !== '');
}
