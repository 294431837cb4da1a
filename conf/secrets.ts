/** What is shown in place of a secret. */
export const MASK = '******';

/** Parts of a key that mark its value as secret, as in later versions of Flink, and a few more. */
const SECRET_PARTS = [
  'password',
  'passwd',
  'secret',
  'apikey',
  'api-key',
  'account.key',
  'access-key',
  'access.key',
  'private-key',
  'service-key',
  'token',
  'credential',
  'auth-params',
  'basic-auth',
  'jaas.config',
  'http-headers',
];

/** Whether the value of `key` must not be shown. */
export function isSecretKey(key: string): boolean {
  const lower = key.toLowerCase();
  return SECRET_PARTS.some((part) => lower.includes(part));
}

/** `value` as it may be shown in logs, on the web and on the terminal. A plain switch or number is never a secret. */
export function masked(key: string, value: string): string {
  const harmless = value === '' || /^(true|false)$/i.test(value);
  return isSecretKey(key) && !harmless ? MASK : value;
}
