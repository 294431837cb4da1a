import { mapOption, option } from '../option.js';
import { durationMs } from '../types/duration.js';
import { stringList } from '../types/lists.js';
import { boolean, double, string } from '../types/scalars.js';

const kerberos = 'Kerberos';
const tls = 'TLS';

export const kerberosUseTicketCache = option({
  key: 'security.kerberos.login.use-ticket-cache',
  type: boolean,
  default: 'true',
  group: kerberos,
  takesEffect: 'not-yet',
  description: 'Whether the tickets that "kinit" got are used.',
});

export const kerberosKeytab = option({
  key: 'security.kerberos.login.keytab',
  type: string,
  group: kerberos,
  takesEffect: 'not-yet',
  deprecatedKeys: ['security.keytab'],
  description: 'Absolute path of a keytab. Needs a principal.',
});

export const kerberosPrincipal = option({
  key: 'security.kerberos.login.principal',
  type: string,
  group: kerberos,
  takesEffect: 'not-yet',
  deprecatedKeys: ['security.principal'],
  description: 'Principal of the keytab to log in as.',
});

export const kerberosLoginContexts = option({
  key: 'security.kerberos.login.contexts',
  type: stringList,
  group: kerberos,
  takesEffect: 'not-yet',
  description: 'Services beside Hadoop that get the login: "Client" for ZooKeeper, "KafkaClient" for Kafka, separated by commas.',
});

export const kerberosKrb5ConfPath = option({
  key: 'security.kerberos.krb5-conf.path',
  type: string,
  group: kerberos,
  takesEffect: 'not-yet',
  description: 'Path of a "krb5.conf" to use instead of the system\'s.',
});

export const kerberosReloginPeriod = option({
  key: 'security.kerberos.relogin.period',
  type: durationMs,
  default: '1 min',
  group: kerberos,
  takesEffect: 'not-yet',
  description: 'How often the login from the keytab is looked after.',
});

export const kerberosAccessHadoopFileSystems = option({
  key: 'security.kerberos.access.hadoopFileSystems',
  type: stringList,
  group: kerberos,
  takesEffect: 'not-yet',
  deprecatedKeys: ['yarn.security.kerberos.additionalFileSystems'],
  description: 'Further file systems for which delegation tokens are obtained.',
});

export const delegationTokensEnabled = option({
  key: 'security.delegation.tokens.enabled',
  type: boolean,
  default: 'true',
  group: kerberos,
  takesEffect: 'not-yet',
  deprecatedKeys: ['security.kerberos.fetch.delegation-token'],
  description: 'Whether delegation tokens are obtained for the processes of a cluster.',
});

export const delegationTokensRenewalTimeRatio = option({
  key: 'security.delegation.tokens.renewal.time-ratio',
  type: double,
  default: '0.75',
  group: kerberos,
  takesEffect: 'not-yet',
  description: 'After which share of their life tokens are obtained anew.',
});

export const delegationTokensRenewalRetryBackoff = option({
  key: 'security.delegation.tokens.renewal.retry.backoff',
  type: durationMs,
  default: '1 h',
  group: kerberos,
  takesEffect: 'not-yet',
  description: 'Time until obtaining tokens is tried again after a failure.',
});

export const delegationTokenHadoopRenewer = option({
  key: 'security.kerberos.token.provider.hadoopfs.renewer',
  type: string,
  group: kerberos,
  takesEffect: 'not-yet',
  description: 'Who may renew the tokens of HDFS; "yarn" where YARN collects logs.',
});

export const sslEnabled = option({
  key: 'security.ssl.enabled',
  type: boolean,
  default: 'false',
  group: tls,
  takesEffect: 'not-yet',
  description:
    'Whether connections use TLS. Parts are switched by "akka.ssl.enabled", "taskmanager.data.ssl.enabled", ' +
    '"blob.service.ssl.enabled" and "web.ssl.enabled".',
});

export const sslKeystore = option({
  key: 'security.ssl.keystore',
  type: string,
  group: tls,
  takesEffect: 'not-yet',
  description: 'File with the private key and certificate of this process.',
});

export const sslKeystorePassword = option({
  key: 'security.ssl.keystore-password',
  type: string,
  group: tls,
  takesEffect: 'not-yet',
  description: 'Password of the keystore.',
});

export const sslKeyPassword = option({
  key: 'security.ssl.key-password',
  type: string,
  group: tls,
  takesEffect: 'not-yet',
  description: 'Password of the private key in the keystore.',
});

export const sslTruststore = option({
  key: 'security.ssl.truststore',
  type: string,
  group: tls,
  takesEffect: 'not-yet',
  description: 'File with the certificates that are trusted.',
});

export const sslTruststorePassword = option({
  key: 'security.ssl.truststore-password',
  type: string,
  group: tls,
  takesEffect: 'not-yet',
  description: 'Password of the truststore.',
});

export const sslProtocol = option({
  key: 'security.ssl.protocol',
  type: string,
  default: 'TLSv1.2',
  group: tls,
  takesEffect: 'not-yet',
  description: 'Version of TLS.',
});

export const sslAlgorithms = option({
  key: 'security.ssl.algorithms',
  type: stringList,
  group: tls,
  takesEffect: 'not-yet',
  default: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  description: 'Cipher suites, separated by commas, under their names in the TLS standard.',
});

export const sslVerifyHostname = option({
  key: 'security.ssl.verify-hostname',
  type: boolean,
  default: 'true',
  group: tls,
  takesEffect: 'not-yet',
  description: 'Whether a certificate has to carry the name of the host it came from.',
});

export const sslInternal = mapOption({
  key: 'security.ssl.internal',
  group: tls,
  takesEffect: 'not-yet',
  description: 'The same settings for connections within the cluster only, such as "security.ssl.internal.enabled".',
});

export const sslRest = mapOption({
  key: 'security.ssl.rest',
  group: tls,
  takesEffect: 'not-yet',
  description:
    'The same settings for REST and the dashboard only, such as "security.ssl.rest.enabled" or ' +
    '"security.ssl.rest.authentication-enabled".',
});
