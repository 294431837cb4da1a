/** Where the value of a key comes from. */
export type Origin =
  | { readonly layer: 'conf-file'; readonly file: string; readonly line: number }
  | { readonly layer: 'session-properties'; readonly file: string }
  | { readonly layer: 'command-line'; readonly flag: string }
  | { readonly layer: 'dynamic-property'; readonly flag: '-D' | '-yD' }
  /** The texts that travel with a job, from wherever it was submitted. */
  | { readonly layer: 'submission' }
  | { readonly layer: 'program' };

/** The origin as a user would point at it: `conf/flink-conf.yaml:12`, `-D`, `--parallelism`. */
export function describeOrigin(origin: Origin | undefined): string {
  switch (origin?.layer) {
    case undefined:
      return 'default';
    case 'conf-file':
      return `${origin.file}:${origin.line}`;
    case 'session-properties':
      return origin.file;
    case 'submission':
      return 'the configuration of the job';
    case 'program':
      return 'the program';
    case 'command-line':
    case 'dynamic-property':
      return origin.flag;
  }
}
