import type { LogContext, Logger } from '#core';

/** A logger that adds facts to every line. */
export function withContext(logger: Logger, context: LogContext): Logger {
  return {
    debug: (message, more) => {
      logger.debug(message, { ...context, ...more });
    },
    info: (message, more) => {
      logger.info(message, { ...context, ...more });
    },
    warn: (message, more) => {
      logger.warn(message, { ...context, ...more });
    },
    error: (message, more) => {
      logger.error(message, { ...context, ...more });
    },
  };
}
