import { readFileSync } from 'node:fs';

/** Of this package, as in its manifest. */
export const FLINK_TS_VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string }
).version;
