import { FlinkError } from '#core';
import { describeOrigin, type Origin } from './origin.js';
import { masked } from './secrets.js';

/** The text set for an option does not have the expected form. */
export class InvalidOptionValueError extends FlinkError {
  constructor(
    readonly key: string,
    value: string,
    readonly expected: string,
    readonly origin: Origin | undefined,
  ) {
    super({
      code: 'INVALID_OPTION_VALUE',
      message: `"${masked(key, value)}" is not a valid value of "${key}" (${describeOrigin(origin)})`,
      action: `Set "${key}" to ${expected}.`,
      blame: 'user',
    });
  }
}

/** The configuration directory is missing, or has no configuration file although it was named. */
export class ConfigurationDirectoryError extends FlinkError {
  constructor(
    readonly directory: string,
    readonly namedBy: string,
    problem: string,
  ) {
    super({
      code: 'CONFIGURATION_DIRECTORY',
      message: `configuration directory "${directory}", named by ${namedBy}, ${problem}`,
      action: `Point ${namedBy} at a directory with a "flink-conf.yaml" or "config.yaml", or unset it.`,
      blame: 'user',
    });
  }
}

/** A file of the configuration directory cannot be read or is malformed as a whole. */
export class ConfigurationFileError extends FlinkError {
  constructor(
    readonly file: string,
    readonly line: number | undefined,
    problem: string,
    cause?: unknown,
  ) {
    super({
      code: 'CONFIGURATION_FILE',
      message: `${line === undefined ? file : `${file}:${line}`}: ${problem}`,
      action: 'Mend the file, or restore it from the installation.',
      blame: 'user',
      cause,
    });
  }
}

/** No option has this name. */
export class UnknownOptionError extends FlinkError {
  constructor(
    readonly key: string,
    readonly suggestions: readonly string[],
  ) {
    super({
      code: 'UNKNOWN_OPTION',
      message: `there is no option "${key}"`,
      action:
        suggestions.length > 0
          ? `Did you mean ${suggestions.map((name) => `"${name}"`).join(' or ')}?`
          : 'All options are listed in docs/configuration.md.',
      blame: 'user',
    });
  }
}

/** The memory settings cannot be met together. */
export class MemoryConfigurationError extends FlinkError {
  constructor(
    readonly keys: readonly string[],
    message: string,
    action: string,
  ) {
    super({ code: 'MEMORY_CONFIGURATION', message, action, blame: 'user' });
  }
}
