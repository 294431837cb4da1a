import type { SlotDemand } from '#runtime';
import type { ContainerId } from '../rpc/container-id.js';
import type { Heartbeat } from '../rpc/scheduler-client.js';
import type { Container, ContainerResource, ContainerStatus } from '../rpc/yarn-nouns.js';
import { ContainerRequests } from './container-requests.js';
import { countsAsFailure } from './exit-statuses.js';

export interface LedgerSettings {
  readonly resource: ContainerResource;
  readonly priority: number;
  readonly nodeLabel: string | undefined;
  readonly slotsPerWorker: number;
  /** undefined: as many as jobs need. */
  readonly fixedWorkers: number | undefined;
}

/** A container of ours: its TaskManager has yet to register, or has. */
interface Worker {
  readonly container: Container;
  registered: boolean;
  /** On the clock of the caller, ms. */
  readonly sinceMs: number;
}

/** A container has ended. */
export interface WorkerEnd {
  readonly status: ContainerStatus;
  /** We had asked for its end. */
  readonly expected: boolean;
  /** It counts as a failure. */
  readonly failed: boolean;
}

/**
 * Which containers we have, which we want, and which are on their way out. Decides by counting alone; the driver does what it says.
 *
 * ```
 *  owed by YARN ─▶ starting ─▶ registered ─▶ releasing ─▶ gone
 * ```
 * Wanted are, with a fixed number, as many as are missing from it; else enough for the slots that jobs wait for.
 */
export class WorkerLedger {
  readonly #settings: LedgerSettings;
  readonly #requests: ContainerRequests;
  readonly #workers = new Map<string, Worker>();
  /** Until YARN says that they have ended. */
  readonly #releasing = new Map<string, ContainerId>();
  readonly #unsaid = new Set<string>();
  readonly #said = new Set<string>();
  #missingSlots = 0;
  #mostWanted: number;
  #failures = 0;

  constructor(settings: LedgerSettings) {
    this.#settings = settings;
    this.#requests = new ContainerRequests(settings.resource, settings.priority, settings.nodeLabel);
    this.#mostWanted = settings.fixedWorkers ?? 1;
  }

  /** Containers that YARN still has to give. */
  get wanted(): number {
    const { fixedWorkers, slotsPerWorker } = this.#settings;
    const starting = this.starting.length;
    if (fixedWorkers !== undefined) return Math.max(0, fixedWorkers - this.#workers.size);
    return Math.max(0, Math.ceil(this.#missingSlots / slotsPerWorker) - starting);
  }

  get failures(): number {
    return this.#failures;
  }

  /** The largest number of containers there ever was to be. */
  get mostWanted(): number {
    return this.#mostWanted;
  }

  get containers(): readonly Container[] {
    return [...this.#workers.values()].map(({ container }) => container);
  }

  has(name: string): boolean {
    return this.#workers.has(name);
  }

  /** Whose TaskManagers have yet to register, with the time since when. */
  get starting(): readonly { readonly container: Container; readonly sinceMs: number }[] {
    return [...this.#workers.values()].filter(({ registered }) => !registered);
  }

  /** Whether the next heartbeat has news for YARN. */
  get hasNews(): boolean {
    return this.#unsaid.size > 0 || this.wanted !== this.#requests.owed;
  }

  /** What jobs need now. Answers the containers whose TaskManagers were there and are no more; they are released. */
  demand({ missing, workers }: SlotDemand): readonly Container[] {
    this.#missingSlots = missing;
    const present = new Set<string>(workers.map(({ taskManagerId }) => taskManagerId));
    const lost: Container[] = [];
    for (const [name, worker] of [...this.#workers]) {
      if (present.has(name)) worker.registered = true;
      else if (worker.registered) lost.push(worker.container);
    }
    for (const { name } of lost) this.release(name);
    this.#mostWanted = Math.max(this.#mostWanted, this.wanted + this.#workers.size);
    return lost;
  }

  /** Containers of an earlier attempt, whose TaskManagers will come. */
  recover(containers: readonly Container[], nowMs: number): void {
    for (const container of containers) this.#workers.set(container.name, { container, registered: false, sinceMs: nowMs });
  }

  heartbeat(): Heartbeat {
    for (const name of this.#unsaid) this.#said.add(name);
    this.#unsaid.clear();
    const releases = [...this.#said].flatMap((name) => this.#releasing.get(name) ?? []);
    return { asks: this.#requests.next(this.wanted), releases };
  }

  /** YARN has given containers: answers those to start; what is too much is released. */
  allocated(containers: readonly Container[], nowMs: number): readonly Container[] {
    this.#said.clear();
    this.#requests.answered(containers.length);
    const room = this.wanted;
    const taken = containers.slice(0, room);
    this.recover(taken, nowMs);
    for (const { name, id } of containers.slice(room)) this.#letGo(name, id);
    return taken;
  }

  /** undefined for containers that were never ours. */
  completed(status: ContainerStatus): WorkerEnd | undefined {
    const { name, exitStatus } = status;
    const expected = this.#releasing.delete(name);
    this.#unsaid.delete(name);
    this.#said.delete(name);
    const known = this.#workers.delete(name);
    if (!known && !expected) return undefined;
    const failed = !expected && countsAsFailure(exitStatus);
    if (failed) this.#failures++;
    return { status, expected, failed };
  }

  /** The container could not be started. */
  startFailed(name: string): void {
    this.#failures++;
    this.release(name);
  }

  release(name: string): void {
    const worker = this.#workers.get(name);
    if (!worker) return;
    this.#workers.delete(name);
    this.#letGo(name, worker.container.id);
  }

  /** The ResourceManager was restarted and has forgotten what was asked of it. */
  resync(): void {
    this.#requests.reset();
    this.#said.clear();
    for (const name of this.#releasing.keys()) this.#unsaid.add(name);
  }

  #letGo(name: string, id: ContainerId): void {
    this.#releasing.set(name, id);
    this.#unsaid.add(name);
  }
}
