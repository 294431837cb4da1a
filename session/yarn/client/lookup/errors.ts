import { FlinkError } from '#core';

/** A YARN application that a command should use is not running. */
export class YarnApplicationGoneError extends FlinkError {
  constructor(
    readonly applicationId: string,
    /** The properties file that named it. */
    readonly file: string | undefined,
    readonly end: string,
    cause?: unknown,
  ) {
    super({
      code: 'YARN_APPLICATION_GONE',
      message:
        `Couldn't retrieve Yarn cluster: The Yarn application ${applicationId} doesn't run anymore. ` +
        `It has previously completed with final status: ${end}`,
      action:
        file === undefined
          ? 'List running applications with "yarn application -list", or start a session with "flink-ts yarn-session".'
          : `It was named by ${file}: remove that file with "rm ${file}", or start a session with "flink-ts yarn-session".`,
      blame: 'user',
      cause,
    });
  }
}

/** The text given for an application id is none. */
export class InvalidApplicationIdError extends FlinkError {
  constructor(readonly text: string) {
    super({
      code: 'INVALID_APPLICATION_ID',
      message: `"${text}" is not the id of a YARN application`,
      action: 'Write it as "application_1511841600000_0001"; "yarn application -list" shows those that run.',
      blame: 'user',
    });
  }
}
