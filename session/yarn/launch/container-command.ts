import { RUNTIME_RESOURCE } from './names.js';

/** A process that YARN starts in a container. */
export type ContainerProcess = 'jobmanager' | 'taskmanager';

const SCRIPTS: Readonly<Record<ContainerProcess, string>> = {
  jobmanager: 'yarn-application-master.js',
  taskmanager: 'yarn-task-manager.js',
};

/** What a command line is put together from; the names are those of `yarn.container-start-command-template`. */
export interface CommandParts {
  /** `yarn.container-start-command-template`. */
  readonly template: string;
  readonly process: ContainerProcess;
  /** The Node to run. */
  readonly node: string;
  /** Flags for memory, such as `--max-old-space-size=424`. */
  readonly memoryFlags: readonly string[];
  /** Flags of `env.java.opts` and the like. */
  readonly flags: readonly string[];
  readonly args?: readonly string[];
}

/**
 * The command that starts a process in a container. YARN puts it between double quotes, into a script that is given to a shell, so every
 * word is quoted for both. `<LOG_DIR>` is YARN's own word for the directory of logs.
 */
export function containerCommand({ template, process, node, memoryFlags, flags, args = [] }: CommandParts): string {
  const values: Readonly<Record<string, string>> = {
    java: quoted(node),
    jvmmem: words(memoryFlags),
    jvmopts: words(flags),
    logging: '',
    class: quoted(`${RUNTIME_RESOURCE}/dist/bundle/${SCRIPTS[process]}`),
    args: words(args),
    redirects: `1><LOG_DIR>/${process}.out 2><LOG_DIR>/${process}.err`,
  };
  const command = template
    .replaceAll(/%(\w+)%/g, (written, name: string) => values[name] ?? written)
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  return tellingItsLastWords(command, process);
}

/**
 * When a process fails, the end of what it wrote on its standard error output goes to that of the launch script, which YARN shows in its
 * diagnostics: a user reads there why, without looking for logs. The trap keeps the shell until the process has heard of the signal, too.
 */
function tellingItsLastWords(command: string, process: ContainerProcess): string {
  return `trap : TERM; ${command} || { code=\\$?; tail -c 3000 <LOG_DIR>/${process}.err >&2; exit \\$code; }`;
}

function words(list: readonly string[]): string {
  return list.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (/^[\w./:=,@%+-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`.replaceAll(/[\\"$`]/g, '\\$&');
}
