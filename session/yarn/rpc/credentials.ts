import { CredentialsFormatError } from './errors.js';
import { block, textBlock, vlongBytes, WritableReader } from './vint.js';

/** What proves to a Hadoop service who is calling. Identifier and password are the service's own affair. */
export interface HadoopToken {
  readonly identifier: Buffer;
  readonly password: Buffer;
  readonly kind: string;
  /** Whom it is for, as `ip:port` or a name; may be empty. */
  readonly service: string;
}

/** Tokens and secrets of a process, as its container's token file holds them. */
export interface HadoopCredentials {
  readonly tokens: readonly { readonly alias: string; readonly token: HadoopToken }[];
  readonly secrets: readonly { readonly alias: string; readonly secret: Buffer }[];
}

/** Kind of the token with which an application master speaks to the ResourceManager. */
export const AMRM_TOKEN_KIND = 'YARN_AM_RM_TOKEN';

/*
 * HDTS | version 0 | count, then each: alias, identifier, password, kind, service | count, then each: alias, secret
 * All are blocks with their length before them; numbers as in vint.ts.
 */
const MAGIC = Buffer.from('HDTS', 'latin1');
const WRITABLE_VERSION = 0;

/** Throws {@link CredentialsFormatError}. */
export function readCredentials(bytes: Buffer): HadoopCredentials {
  const reader = new WritableReader(bytes);
  if (!reader.take(MAGIC.length).equals(MAGIC)) throw new CredentialsFormatError('it does not begin with "HDTS"');
  const version = reader.take(1)[0];
  if (version !== WRITABLE_VERSION) throw new CredentialsFormatError(`its version is ${version}, known is 0`);
  const tokens = Array.from({ length: reader.count() }, () => ({ alias: reader.text(), token: readToken(reader) }));
  const secrets = Array.from({ length: reader.count() }, () => ({ alias: reader.text(), secret: Buffer.from(reader.block()) }));
  return { tokens, secrets };
}

export function writeCredentials({ tokens, secrets }: HadoopCredentials): Buffer {
  return Buffer.concat([
    MAGIC,
    Buffer.from([WRITABLE_VERSION]),
    vlongBytes(BigInt(tokens.length)),
    ...tokens.flatMap(({ alias, token }) => [textBlock(alias), tokenBytes(token)]),
    vlongBytes(BigInt(secrets.length)),
    ...secrets.flatMap(({ alias, secret }) => [textBlock(alias), block(secret)]),
  ]);
}

function readToken(reader: WritableReader): HadoopToken {
  return {
    identifier: Buffer.from(reader.block()),
    password: Buffer.from(reader.block()),
    kind: reader.text(),
    service: reader.text(),
  };
}

function tokenBytes({ identifier, password, kind, service }: HadoopToken): Buffer {
  return Buffer.concat([block(identifier), block(password), textBlock(kind), textBlock(service)]);
}
