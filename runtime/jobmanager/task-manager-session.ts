import { InvariantError } from '#core';
import type { ControlHandler } from '../control/control-connection.js';
import { ControlConnectionLostError } from '../control/errors.js';
import type {
  BlobChunk,
  ControlAnswer,
  ControlMessage,
  ControlRequest,
  FetchBlob,
  Registered,
  RegisterTaskManager,
} from '../control/messages.js';
import type { RegisteredTaskManager } from './registered-task-manager.js';

export interface Registration {
  readonly taskManager: RegisteredTaskManager;
  readonly answer: Registered;
}

/** What a session does with what its TaskManager says. */
export interface SessionEvents {
  register(request: RegisterTaskManager): Registration;
  /** Heartbeats are not passed on. */
  message(taskManager: RegisteredTaskManager, message: ControlMessage): void;
  fetchBlob(request: FetchBlob): Promise<BlobChunk>;
  lost(taskManager: RegisteredTaskManager, reason: string): void;
  /** The connection has ended without a word. */
  brokeOff(taskManager: RegisteredTaskManager, reason: string): void;
  /** The connection is closed, registered or not. */
  closed(): void;
}

/** One connection of a TaskManager, from its introduction to its end. */
export class TaskManagerSession implements ControlHandler {
  #taskManager: RegisteredTaskManager | undefined;

  constructor(private readonly events: SessionEvents) {}

  onMessage(message: ControlMessage): void {
    const taskManager = this.#taskManager;
    // Before the introduction there is nothing to tell.
    if (!taskManager) return;
    taskManager.heard();
    if (message.type === 'heartbeat') taskManager.heartbeat(message.hardware);
    else if (message.type === 'taskManagerLeaving') this.events.lost(taskManager, message.reason);
    else this.events.message(taskManager, message);
  }

  async onRequest(request: ControlRequest): Promise<ControlAnswer> {
    switch (request.type) {
      case 'registerTaskManager': {
        const { taskManager, answer } = this.events.register(request);
        this.#taskManager = taskManager;
        return answer;
      }
      case 'fetchBlob':
        return await this.events.fetchBlob(request);
      case 'deployJob':
        throw new InvariantError('a JobManager is not deployed to');
    }
  }

  onClosed(cause: Error): void {
    const taskManager = this.#taskManager;
    const lost = cause instanceof ControlConnectionLostError ? cause : undefined;
    if (taskManager && lost?.orderly) this.events.lost(taskManager, lost.reason);
    else if (taskManager) this.events.brokeOff(taskManager, lost?.reason ?? cause.message);
    this.events.closed();
  }
}
