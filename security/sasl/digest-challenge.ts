import { SaslError } from './errors.js';

/** What a DIGEST-MD5 server says first. */
export interface DigestChallenge {
  /** The first of those offered; empty when none is. */
  readonly realm: string;
  readonly nonce: string;
  /** Qualities of protection that the server allows, in its order. */
  readonly qops: readonly string[];
  readonly ciphers: readonly string[];
  readonly utf8: boolean;
}

/** `name=token` or `name="quoted \" string"`, between commas (RFC 2831, 7.1). */
const DIRECTIVE = /\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",\s]*))\s*(?:,|$)/gy;

/** Reads a list of directives; of those that come several times the first counts. Throws {@link SaslError}. */
export function parseDirectives(text: string): ReadonlyMap<string, string> {
  const directives = new Map<string, string>();
  DIRECTIVE.lastIndex = 0;
  while (DIRECTIVE.lastIndex < text.length) {
    const begin = DIRECTIVE.lastIndex;
    const match = DIRECTIVE.exec(text);
    if (!match) {
      if (/^[\s,]*$/.test(text.slice(begin))) break;
      throw new SaslError(`the server's challenge cannot be read at "${text.slice(begin, begin + 20)}"`);
    }
    const name = match[1]!.toLowerCase();
    if (!directives.has(name)) directives.set(name, match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '');
  }
  return directives;
}

/** Throws {@link SaslError} for a challenge that is none, or asks for another algorithm than MD5. */
export function parseChallenge(text: string): DigestChallenge {
  const directives = parseDirectives(text);
  const nonce = directives.get('nonce');
  if (nonce === undefined || nonce === '') throw new SaslError("the server's challenge has no nonce");
  const algorithm = directives.get('algorithm') ?? '';
  if (algorithm !== 'md5-sess') throw new SaslError(`the server wants the algorithm "${algorithm}", known is only "md5-sess"`);
  return {
    realm: directives.get('realm') ?? '',
    nonce,
    qops: listOf(directives.get('qop') ?? 'auth'),
    ciphers: listOf(directives.get('cipher') ?? ''),
    utf8: directives.get('charset')?.toLowerCase() === 'utf-8',
  };
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '');
}

/** As a quoted string of the same grammar. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
