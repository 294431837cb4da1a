import type { Origin } from './origin.js';

/** Why a user should look at the configuration again. */
export type WarningKind =
  | 'broken-line'
  | 'repeated-key'
  | 'ignored-file'
  | 'final-property'
  | 'deprecated-key'
  | 'unknown-key'
  | 'not-yet'
  | 'meaningless'
  | 'java-flag'
  | 'unsupported-setting';

/** Something that does not stop the process but will surprise its user. Whoever loads the configuration logs it. */
export interface ConfigurationWarning {
  readonly kind: WarningKind;
  /** A whole message, with the place. Secrets are masked. */
  readonly message: string;
  readonly key?: string;
  readonly file?: string;
  readonly line?: number;
}

/** File and line of a warning about an entry, when it came from a file. */
export function placeOf(origin: Origin): { readonly file?: string; readonly line?: number } {
  if (origin.layer === 'conf-file') return { file: origin.file, line: origin.line };
  return origin.layer === 'session-properties' ? { file: origin.file } : {};
}
