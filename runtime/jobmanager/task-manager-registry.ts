import type { Clock, Logger, TaskManagerId, Timer } from '#core';
import type { ControlConnection } from '../control/control-connection.js';
import type { BlobChunk, ControlMessage, FetchBlob, RegisterTaskManager } from '../control/messages.js';
import { TaskManagerLostError, TaskManagerRefusedError } from './errors.js';
import { RegisteredTaskManager } from './registered-task-manager.js';
import { type Registration, TaskManagerSession } from './task-manager-session.js';

/** What the JobManager hears of its TaskManagers. */
export interface TaskManagerEvents {
  /** Whether it may register. */
  accepts(taskManagerId: TaskManagerId): boolean;
  onRegistered(taskManager: RegisteredTaskManager): void;
  onLost(taskManager: RegisteredTaskManager, error: TaskManagerLostError): void;
  /** Its connection ended without a word. Answers for how many ms its keeper may still tell why; 0: it is lost now. */
  onBrokeOff(taskManager: RegisteredTaskManager): number;
  onMessage(taskManager: RegisteredTaskManager, message: ControlMessage): void;
  onFetchBlob(request: FetchBlob): Promise<BlobChunk>;
}

export interface RegistrySettings {
  /** Names this run of the JobManager. */
  readonly jobManagerId: string;
  readonly heartbeatIntervalMs: number;
  readonly heartbeatTimeoutMs: number;
}

/**
 * The TaskManagers that are connected. One is lost when its connection closes, when it is silent for too long, or when it says that it
 * goes; it may come again, with all its slots free.
 */
export class TaskManagerRegistry {
  readonly #taskManagers = new Map<TaskManagerId, RegisteredTaskManager>();
  readonly #connections = new Set<ControlConnection>();
  #heartbeats: Timer | undefined;
  #closed = false;

  constructor(
    private readonly settings: RegistrySettings,
    private readonly events: TaskManagerEvents,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.#scheduleHeartbeats();
  }

  /** In the order in which they came. */
  get all(): readonly RegisteredTaskManager[] {
    return [...this.#taskManagers.values()];
  }

  get(id: TaskManagerId): RegisteredTaskManager | undefined {
    return this.#taskManagers.get(id);
  }

  /** A connection on which a TaskManager is expected to introduce itself. */
  accept(connection: ControlConnection): void {
    this.#connections.add(connection);
    connection.start(
      new TaskManagerSession({
        register: (request) => this.#register(connection, request),
        message: (taskManager, message) => {
          if (this.#present(taskManager)) this.events.onMessage(taskManager, message);
        },
        fetchBlob: (request) => this.events.onFetchBlob(request),
        lost: (taskManager, reason) => {
          this.#lose(taskManager, reason);
        },
        brokeOff: (taskManager, reason) => {
          this.#awaitReason(taskManager, reason);
        },
        closed: () => {
          this.#connections.delete(connection);
        },
      }),
    );
  }

  /** Its keeper says that the process is gone. */
  lost(id: TaskManagerId, reason: string): void {
    const taskManager = this.#taskManagers.get(id);
    if (taskManager) this.#lose(taskManager, reason);
  }

  /** Ends all connections; with `stopWorkers`, the processes at their other ends too. */
  close(reason: string, stopWorkers: boolean): void {
    this.#closed = true;
    this.#heartbeats?.cancel();
    for (const { connection } of this.#taskManagers.values()) {
      if (stopWorkers) connection.send({ type: 'stopTaskManager', reason });
    }
    for (const connection of this.#connections) connection.close(reason);
    this.#taskManagers.clear();
  }

  #register(connection: ControlConnection, { description }: RegisterTaskManager): Registration {
    if (!this.events.accepts(description.taskManagerId)) throw new TaskManagerRefusedError(description.taskManagerId);
    this.lost(description.taskManagerId, 'it registered again');
    const taskManager = new RegisteredTaskManager(description, connection, this.clock);
    this.#taskManagers.set(description.taskManagerId, taskManager);
    const { taskManagerId, host, dataPort, slots, pid } = description;
    this.logger.info('registered a TaskManager', { taskManagerId, host, dataPort, slots, pid, peer: connection.peer });
    this.events.onRegistered(taskManager);
    return { taskManager, answer: { type: 'registered', ...this.settings } };
  }

  #present(taskManager: RegisteredTaskManager): boolean {
    return !this.#closed && this.#taskManagers.get(taskManager.description.taskManagerId) === taskManager;
  }

  /** Whoever keeps the process knows best why it ended; but not for ever. */
  #awaitReason(taskManager: RegisteredTaskManager, reason: string): void {
    if (!this.#present(taskManager)) return;
    const waitMs = this.events.onBrokeOff(taskManager);
    if (waitMs === 0) return this.#lose(taskManager, reason);
    this.clock.setTimer(
      waitMs,
      () => {
        this.#lose(taskManager, reason);
      },
      { background: true },
    );
  }

  #lose(taskManager: RegisteredTaskManager, reason: string): void {
    if (!this.#present(taskManager)) return;
    const { taskManagerId } = taskManager.description;
    this.#taskManagers.delete(taskManagerId);
    this.#connections.delete(taskManager.connection);
    taskManager.connection.close(`lost: ${reason}`);
    this.logger.warn('lost a TaskManager', { taskManagerId, reason });
    this.events.onLost(taskManager, new TaskManagerLostError(taskManagerId, reason));
  }

  #scheduleHeartbeats(): void {
    this.#heartbeats = this.clock.setTimer(
      this.settings.heartbeatIntervalMs,
      () => {
        for (const taskManager of this.all) this.#checkHeartbeat(taskManager);
        if (!this.#closed) this.#scheduleHeartbeats();
      },
      { background: true },
    );
  }

  #checkHeartbeat(taskManager: RegisteredTaskManager): void {
    const { heartbeatTimeoutMs } = this.settings;
    if (taskManager.silentForMs > heartbeatTimeoutMs) this.#lose(taskManager, `it sent no heartbeat for ${heartbeatTimeoutMs} ms`);
    else taskManager.connection.send({ type: 'heartbeat', hardware: undefined });
  }
}
