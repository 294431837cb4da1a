import { FlinkError } from '#core';

/** The file of a program is not there. */
export class ProgramFileNotFoundError extends FlinkError {
  constructor(readonly file: string) {
    super({
      code: 'PROGRAM_FILE_NOT_FOUND',
      message: file.endsWith('.jar') ? `JAR file does not exist: ${file}` : `program file does not exist: ${file}`,
      action: 'Give the path of a TypeScript or JavaScript file, after the options.',
      blame: 'user',
    });
  }
}

/** The file is there, but nothing that Node can run. */
export class ProgramFileKindError extends FlinkError {
  constructor(
    readonly file: string,
    problem: string,
  ) {
    super({
      code: 'PROGRAM_FILE_KIND',
      message: `"${file}" ${problem}`,
      action: 'Programs are TypeScript or JavaScript modules: .ts, .mts, .cts, .tsx, .js, .mjs, .cjs or .jsx.',
      blame: 'user',
    });
  }
}

/** One thing that the bundler could not do. */
export interface CompileProblem {
  /** As the user would type it, relative to the working directory where possible. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly lineText: string;
}

/** The program, or a module it imports, does not compile. */
export class ProgramCompileError extends FlinkError {
  constructor(readonly problems: readonly CompileProblem[]) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    super({
      code: 'PROGRAM_COMPILE',
      message: first ? `${first.file}:${first.line}:${first.column}: ${first.text}${more}` : 'the program does not compile',
      action:
        first?.text.startsWith('Could not resolve') === true
          ? 'Install the package beside the program, or mend the import.'
          : 'Mend the program at that line.',
      blame: 'user',
    });
  }
}

/** `-C` names something that is not a place for modules. */
export class ClasspathError extends FlinkError {
  constructor(
    readonly url: string,
    problem: string,
  ) {
    super({
      code: 'CLASSPATH',
      message: `Bad syntax for classpath: ${url} (${problem})`,
      action: 'Give the directory of modules as a path, a file: URL, or a path in HDFS.',
      blame: 'user',
    });
  }
}

/** `-c` names an export that the program does not have, or that cannot be called. */
export class EntryNotFoundError extends FlinkError {
  constructor(
    readonly entry: string,
    readonly file: string,
    readonly exported: readonly string[],
  ) {
    super({
      code: 'ENTRY_NOT_FOUND',
      message: `the program's entry point class '${entry}' was not found: "${file}" exports no function of that name`,
      action:
        exported.length > 0
          ? `It exports ${exported.map((name) => `"${name}"`).join(', ')}.`
          : 'Leave "-c" out: to load the module runs it. Or export a function of that name.',
      blame: 'user',
    });
  }
}

/** `main` ended without a call of `execute`. */
export class NoJobInProgramError extends FlinkError {
  constructor(readonly file: string) {
    super({
      code: 'NO_JOB_IN_PROGRAM',
      message: "The program didn't contain a Flink job. Perhaps you forgot to call execute() on the execution environment.",
      action: `End "${file}" with "await env.execute()".`,
      blame: 'user',
    });
  }
}

/** `main` of the program threw, before or between its jobs. */
export class ProgramFailedError extends FlinkError {
  constructor(
    readonly file: string,
    cause: unknown,
  ) {
    super({
      code: 'PROGRAM_FAILED',
      message: `the program "${file}" threw an error`,
      action: 'Mend the program at that line.',
      blame: 'user',
      cause,
    });
  }
}

/** Something was asked of a job that runs detached. */
export class DetachedJobError extends FlinkError {
  constructor(what: string) {
    super({
      code: 'DETACHED_JOB',
      message: `Job was submitted in detached mode. Results of job execution, such as ${what}, are not available.`,
      action: 'Run the program without "-d", or do not ask for its results.',
      blame: 'user',
    });
  }
}
