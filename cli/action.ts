import type { Configuration, ConfigurationLayers } from '#conf';
import type { FoundSession } from '#session';
import type { ActionSyntax, ParsedAction } from './arguments/parse-action.js';
import type { Terminal } from './terminal.js';

/** What an action works with. */
export interface ActionContext {
  readonly terminal: Terminal;
  readonly arguments: ParsedAction;
  /** Conf file, flags and `-D`, in the order of their strength. */
  readonly configuration: Configuration;
  /** Where the configuration was found. */
  readonly configurationDirectory: string | undefined;
  /** The session that the YARN properties file tells of, if it counts for this command line. */
  readonly session: FoundSession | undefined;
  /** Ends the command: Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Options of the configuration that flags stand for. */
export type FlagSettings = NonNullable<ConfigurationLayers['flags']>;

/** An action of the command line. */
export interface Action {
  readonly name: string;
  /** One line for the list of actions. */
  readonly summary: string;
  /** What follows the options, in the help. */
  readonly operands: string;
  readonly syntax: ActionSyntax;
  /** Lines of the help below the options. */
  readonly notes: readonly string[];
  /** What its flags say of the configuration. */
  readonly settings?: (parsed: ParsedAction) => FlagSettings;
  /** Whether a session that the YARN properties file tells of counts; without it, the action needs no cluster. */
  readonly findsSession?: (parsed: ParsedAction) => boolean;
  /** Checks what needs no configuration and no cluster. Throws `UsageError`. */
  check(parsed: ParsedAction): void;
  /** Carries the action out; answers the exit code. */
  run(context: ActionContext): Promise<number>;
}
