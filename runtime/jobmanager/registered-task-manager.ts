import type { Clock } from '#core';
import type { ControlConnection } from '../control/control-connection.js';
import type { Hardware, TaskManagerDescription } from '../control/messages.js';

/** A TaskManager that is there, as the JobManager sees it. */
export class RegisteredTaskManager {
  hardware: Hardware;
  #lastHeartbeatMs: number;
  #lastHeardMs: number;

  constructor(
    readonly description: TaskManagerDescription,
    readonly connection: ControlConnection,
    private readonly clock: Clock,
  ) {
    this.hardware = description.hardware;
    this.#lastHeartbeatMs = clock.now();
    this.#lastHeardMs = clock.monotonicMs();
  }

  /** ms since 1970 UTC. */
  get lastHeartbeatMs(): number {
    return this.#lastHeartbeatMs;
  }

  get silentForMs(): number {
    return this.clock.monotonicMs() - this.#lastHeardMs;
  }

  heard(): void {
    this.#lastHeardMs = this.clock.monotonicMs();
  }

  heartbeat(hardware: Hardware | undefined): void {
    this.heard();
    this.#lastHeartbeatMs = this.clock.now();
    if (hardware) this.hardware = hardware;
  }
}
