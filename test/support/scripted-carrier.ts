import type { SlotAssignment, SlotCommand, SlotReport, SubtaskId } from '../../runtime/task/deployment.js';
import type { SlotCarrier, SlotCarrierEvents } from '../../runtime/taskmanager/slot-carrier.js';
import type { SlotCarrierSource } from '../../runtime/taskmanager/slot-carrier-source.js';

/** A carrier that runs nothing: the test says what it reports. It answers cancellation by itself, unless it is deaf. */
export class ScriptedCarrier implements SlotCarrier {
  readonly commands: SlotCommand[] = [];
  assignment: SlotAssignment | undefined;
  terminated = false;
  deaf = false;

  constructor(private readonly events: SlotCarrierEvents) {}

  get subtasks(): readonly SubtaskId[] {
    return this.assignment?.deployment.subtasks ?? [];
  }

  send(command: SlotCommand): void {
    this.commands.push(command);
    if (command.type === 'deploy') {
      this.assignment = command.assignment;
      for (const subtask of this.subtasks) this.report({ type: 'state', subtask, state: 'RUNNING' });
    }
    if (command.type === 'cancel' && !this.deaf) this.stop();
  }

  terminate(): Promise<void> {
    this.terminated = true;
    return Promise.resolve();
  }

  report(report: SlotReport): void {
    this.events.onReport(report);
  }

  /** All its tasks finish, and it ends. */
  finish(finished: Partial<Pick<Extract<SlotReport, { type: 'finished' }>, 'accumulators' | 'steps'>> = {}): void {
    for (const subtask of this.subtasks) this.report({ type: 'finished', subtask, accumulators: {}, steps: [], ...finished });
    this.end();
  }

  fail(message: string, subtask: SubtaskId | undefined = this.subtasks[0]): void {
    this.report({
      type: 'failed',
      subtask,
      error: { name: 'Error', message, stack: '', code: undefined, action: undefined, blame: 'user', retriable: false, cause: undefined },
    });
  }

  stop(): void {
    for (const subtask of this.subtasks) this.report({ type: 'state', subtask, state: 'CANCELED' });
    this.end();
  }

  end(): void {
    this.report({ type: 'ended', jobId: this.assignment!.deployment.graph.jobId });
  }

  exit(cause: Error): void {
    this.terminated = true;
    this.events.onExit(cause);
  }
}

/** Makes scripted carriers and keeps them for the test. */
export class ScriptedCarriers implements SlotCarrierSource {
  readonly taken: ScriptedCarrier[] = [];
  closed = false;

  take(events: SlotCarrierEvents): ScriptedCarrier {
    const carrier = new ScriptedCarrier(events);
    this.taken.push(carrier);
    return carrier;
  }

  /** Those that have not been ended. */
  get live(): readonly ScriptedCarrier[] {
    return this.taken.filter(({ terminated }) => !terminated);
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}
