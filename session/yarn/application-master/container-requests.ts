import type { ContainerAsk } from '../rpc/scheduler-client.js';
import type { ContainerResource } from '../rpc/yarn-nouns.js';

/**
 * Counts what the ResourceManager still owes us of one kind of container.
 *
 * It takes absolute numbers, and counts them down itself as it gives containers. A number that we send replaces its own; what it gave
 * before that travels in the answer. So after an answer to a heartbeat with a number it owes that number, whatever came along; after an
 * answer to one without, it owes less by what came.
 */
export class ContainerRequests {
  #owed = 0;
  #sent: number | undefined;

  constructor(
    readonly resource: ContainerResource,
    readonly priority: number,
    private readonly nodeLabel: string | undefined,
  ) {}

  get owed(): number {
    return this.#owed;
  }

  /** What the next heartbeat has to say so that `wanted` containers are owed. */
  next(wanted: number): readonly ContainerAsk[] {
    this.#sent = wanted === this.#owed ? undefined : wanted;
    if (this.#sent === undefined) return [];
    const { priority, resource, nodeLabel } = this;
    return [{ priority, resource, count: wanted, ...(nodeLabel === undefined ? {} : { nodeLabel }) }];
  }

  /** That heartbeat was answered, with so many containers. */
  answered(given: number): void {
    this.#owed = this.#sent ?? Math.max(0, this.#owed - given);
    this.#sent = undefined;
  }

  /** The ResourceManager has forgotten all. */
  reset(): void {
    this.#owed = 0;
    this.#sent = undefined;
  }
}
