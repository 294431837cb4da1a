import type { Configuration } from '#conf';
import type { ActionSyntax, ParsedAction } from './arguments/parse-action.js';
import type { Terminal } from './terminal.js';

/** What an action works with. */
export interface ActionContext {
  readonly terminal: Terminal;
  readonly arguments: ParsedAction;
  /** Conf file, flags and `-D`, in the order of their strength. */
  readonly configuration: Configuration;
  /** Ends the command: Ctrl-C. */
  readonly signal: AbortSignal;
}

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
  /** Checks what needs no configuration and no cluster. Throws `UsageError`. */
  check(parsed: ParsedAction): void;
  /** Carries the action out; answers the exit code. */
  run(context: ActionContext): Promise<number>;
}
