import { ConfigurationFileError } from '../errors.js';
import { parseJavaProperties } from './java-properties.js';
import { readText } from './text-file.js';

/** A server of a ZooKeeper quorum: a line `server.<id>=host:peerPort:electionPort` of `zoo.cfg`. */
export interface ZooKeeperServer {
  readonly id: number;
  readonly host: string;
  readonly peerPort: number;
  readonly electionPort: number;
  readonly clientPort: number;
}

/** What `zoo.cfg` says of a quorum. */
export interface ZooKeeperQuorum {
  readonly clientPort: number;
  readonly dataDir: string | undefined;
  /** By id. */
  readonly servers: readonly ZooKeeperServer[];
  /** All settings, as written. */
  readonly properties: ReadonlyMap<string, string>;
}

const DEFAULT_CLIENT_PORT = 2181;
const DEFAULT_PEER_PORT = 2888;
const DEFAULT_ELECTION_PORT = 3888;
const SERVER = /^(\[[^\]]+\]|[^:;\s]+)(?::(\d+))?(?::(\d+))?(?::(?:participant|observer))?(?:;(?:[^:;]+:)?(\d+))?$/;

function parseServer(file: string, key: string, text: string, clientPort: number): ZooKeeperServer {
  const id = Number(key.slice('server.'.length));
  const match = SERVER.exec(text.trim());
  if (!match || !Number.isInteger(id)) {
    throw new ConfigurationFileError(file, undefined, `"${key}=${text}" has to be "server.<number>=host:peer port:election port"`);
  }
  return {
    id,
    host: (match[1] ?? '').replace(/^\[(.*)\]$/, '$1'),
    peerPort: Number(match[2] ?? DEFAULT_PEER_PORT),
    electionPort: Number(match[3] ?? DEFAULT_ELECTION_PORT),
    clientPort: Number(match[4] ?? clientPort),
  };
}

/** Reads the text of `zoo.cfg`. Throws `ConfigurationFileError` for a server line that cannot be read. */
export function parseZooKeeperFile(text: string, file: string): ZooKeeperQuorum {
  const properties = parseJavaProperties(text);
  const clientPort = Number(properties.get('clientPort') ?? DEFAULT_CLIENT_PORT);
  if (!Number.isInteger(clientPort)) throw new ConfigurationFileError(file, undefined, '"clientPort" has to be a port');
  const servers = [...properties]
    .filter(([key]) => key.startsWith('server.'))
    .map(([key, value]) => parseServer(file, key, value, clientPort))
    .sort((a, b) => a.id - b.id);
  return { clientPort, dataDir: properties.get('dataDir')?.trim(), servers, properties };
}

/** Reads a `zoo.cfg`. Throws `ConfigurationFileError`, also when there is none. */
export async function readZooKeeperFile(file: string): Promise<ZooKeeperQuorum> {
  return parseZooKeeperFile(await readText(file), file);
}
