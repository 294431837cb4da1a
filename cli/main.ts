import { FlinkError } from '#core';
import { type ConfigurationLayers, didYouMean, type LoadedConfiguration, loadConfiguration } from '#conf';
import { registerFileSystems } from '#connectors';
import { type FoundSession, ProgramFileNotFoundError } from '#session';
import { buildInfo } from '#web';
import type { Action, FlagSettings } from './action.js';
import { cancel } from './actions/cancel.js';
import { checkpoint } from './actions/checkpoint.js';
import { config } from './actions/config.js';
import { info } from './actions/info.js';
import { list } from './actions/list.js';
import { run } from './actions/run.js';
import { runApplication } from './actions/run-application.js';
import { savepoint } from './actions/savepoint.js';
import { stop } from './actions/stop.js';
import { yarnSession } from './actions/yarn-session.js';
import { type ParsedAction, parseAction } from './arguments/parse-action.js';
import { InterruptedError, UsageError } from './errors.js';
import { actionHelp, helpText } from './help.js';
import { reportError } from './report-error.js';
import type { Terminal } from './terminal.js';
import { withTypedSavepoint } from './typed-path.js';
import { findSession, sessionLines, sessionValues } from './yarn/find-session.js';

export const ACTIONS: readonly Action[] = [run, runApplication, info, list, stop, cancel, savepoint, checkpoint, config, yarnSession];

const EXIT_FAILURE = 1;
/** The client could not start: its configuration is unusable. */
const EXIT_NOT_STARTED = 31;
const EXIT_OF_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

/** Carries out a command line; answers the exit code. Never throws: failures are told on the terminal. */
export async function runCommand(words: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined) return refuse(terminal, [helpText(ACTIONS, terminal.columns), '', 'Please specify an action.']);
  if (name === '-h' || name === '--help') return tell(terminal, helpText(ACTIONS, terminal.columns));
  if (name === '-v' || name === '--version') return tell(terminal, `Version: ${buildInfo().version}, Commit ID: ${buildInfo().commit}`);
  const action = ACTIONS.find((candidate) => candidate.name === name);
  if (!action) return refuse(terminal, unknownAction(name));
  return await runAction(action, rest, terminal, signal);
}

async function runAction(action: Action, words: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  let verbose = false;
  try {
    const parsed = await parseAction(words, action.syntax);
    verbose = parsed.flag('verbose');
    if (parsed.flag('help')) return tell(terminal, actionHelp(action, terminal.columns));
    action.check(parsed);
    const { loaded, session } = await load(action, parsed);
    registerFileSystems(loaded.configuration.toJSON());
    for (const { message } of loaded.warnings) terminal.printError(`Warning: ${message}`);
    for (const line of session ? sessionLines(session) : []) terminal.print(line);
    return await action.run({
      terminal,
      arguments: parsed,
      configuration: withTypedSavepoint(loaded.configuration),
      configurationDirectory: loaded.directory,
      session,
      signal,
    });
  } catch (error) {
    return failed(terminal, error, verbose);
  }
}

/** A configuration that cannot be read at all: the client does not start. */
class ConfigurationFailure extends Error {
  constructor(override readonly cause: unknown) {
    super('the configuration cannot be read');
  }
}

interface Loaded {
  readonly loaded: LoadedConfiguration;
  readonly session: FoundSession | undefined;
}

/** The configuration, with what a session on YARN says of it, if the action uses one and there is one. */
async function load(action: Action, parsed: ParsedAction): Promise<Loaded> {
  const layers = { flags: flagsOf(action, parsed), dynamicProperties: parsed.dynamicProperties };
  const loaded = await loadedOrFailure(layers);
  const session = action.findsSession?.(parsed) === true ? await findSession(parsed, loaded.configuration) : undefined;
  if (session === undefined) return { loaded, session };
  return {
    loaded: await loadedOrFailure({ ...layers, sessionProperties: { file: session.file, values: sessionValues(session) } }),
    session,
  };
}

async function loadedOrFailure(layers: ConfigurationLayers): Promise<LoadedConfiguration> {
  try {
    return await loadConfiguration(layers);
  } catch (error) {
    throw new ConfigurationFailure(error);
  }
}

function flagsOf(action: Action, parsed: ParsedAction): FlagSettings {
  const flag = (long: string, key: string, written: string): FlagSettings => {
    const value = parsed.value(long);
    return value === undefined ? [] : [{ flag: written, key, value }];
  };
  return [
    ...flag('executor', 'execution.target', '-e'),
    ...flag('target', 'execution.target', '-t'),
    ...flag('parallelism', 'parallelism.default', '-p'),
    ...flag('fromSavepoint', 'execution.savepoint.path', '-s'),
    ...flag('claimMode', 'execution.state-recovery.claim-mode', '-cm'),
    ...flag('restoreMode', 'execution.state-recovery.claim-mode', '-rm'),
    ...(parsed.flag('allowNonRestoredState') ? [{ flag: '-n', key: 'execution.savepoint.ignore-unclaimed-state', value: 'true' }] : []),
    ...flag('yarnapplicationId', 'yarn.application.id', '-yid'),
    ...flag('zookeeperNamespace', 'high-availability.cluster-id', '-z'),
    ...(action.settings?.(parsed) ?? []),
  ];
}

function failed(terminal: Terminal, error: unknown, verbose: boolean): number {
  if (error instanceof InterruptedError) return EXIT_OF_SIGNAL[error.signal];
  if (error instanceof UsageError || error instanceof ProgramFileNotFoundError) {
    return refuse(terminal, [error.message, '', 'Use the help option (-h or --help) to get help on the command.']);
  }
  if (error instanceof ConfigurationFailure) {
    reportError(terminal, error.cause, verbose || !(error.cause instanceof FlinkError));
    return EXIT_NOT_STARTED;
  }
  reportError(terminal, error, verbose);
  return EXIT_FAILURE;
}

function tell(terminal: Terminal, text: string): number {
  terminal.print(text);
  return 0;
}

function refuse(terminal: Terminal, lines: readonly string[]): number {
  for (const line of lines) terminal.print(line);
  return EXIT_FAILURE;
}

function unknownAction(name: string): readonly string[] {
  const names = ACTIONS.map((action) => `"${action.name}"`);
  const [near] = didYouMean(
    name,
    ACTIONS.map((action) => action.name),
  );
  return [
    `"${name}" is not a valid action.${near === undefined ? '' : ` Did you mean "${near}"?`}`,
    '',
    `Valid actions are ${names.slice(0, -1).join(', ')}, or ${names.at(-1) ?? ''}.`,
    '',
    'Specify the version option (-v or --version) to print Flink version.',
    '',
    'Specify the help option (-h or --help) to get help on the command.',
  ];
}
