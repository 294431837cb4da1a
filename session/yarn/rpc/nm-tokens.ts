import type { HadoopToken } from './credentials.js';
import { formatAddress, type ServerAddress } from './open-socket.js';
import type { NmTokenMessage } from './yarn-messages.js';
import { nodeOf } from './yarn-nouns.js';

/**
 * The tokens by which NodeManagers know us. The ResourceManager sends one for each node and attempt, with the first container there, and
 * a newer one when it has new keys; so the newest has to be kept.
 */
export class NmTokens {
  readonly #byNode = new Map<string, HadoopToken>();

  add(messages: readonly NmTokenMessage[]): void {
    for (const { nodeId, token } of messages) if (token) this.#byNode.set(formatAddress(nodeOf(nodeId)), token);
  }

  get(node: ServerAddress): HadoopToken | undefined {
    return this.#byNode.get(formatAddress(node));
  }
}
