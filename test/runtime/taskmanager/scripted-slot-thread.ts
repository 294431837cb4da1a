import { parentPort } from 'node:worker_threads';
import type { SlotAssignment, SlotCommand, SlotReport } from '../../../runtime/task/deployment.js';

/** A slot thread without a program: the name of the job says how it behaves. */
const port = parentPort!;
const report = (message: SlotReport): void => {
  port.postMessage(message);
};
let assignment: SlotAssignment;

port.on('message', (command: SlotCommand) => {
  if (command.type === 'deploy') {
    ({ assignment } = command);
    for (const subtask of assignment.deployment.subtasks) report({ type: 'state', subtask, state: 'RUNNING' });
    behave(assignment.deployment.graph.name);
  } else if (command.type === 'cancel') {
    end();
  }
});

function behave(how: string): void {
  switch (how) {
    case 'finish':
      for (const subtask of assignment.deployment.subtasks) report({ type: 'finished', subtask, accumulators: {}, steps: [] });
      end();
      break;
    case 'exit':
      process.exit(3);
      break;
    case 'throw':
      setImmediate(() => {
        throw new TypeError('not a function');
      });
      break;
    case 'loop':
      // Later, so that the state is reported before.
      setTimeout(() => {
        for (;;) Math.random();
      }, 20);
      break;
    case 'hoard': {
      const kept: unknown[] = [];
      setImmediate(() => {
        for (;;) kept.push(Array.from({ length: 10_000 }, (_, index) => ({ index })));
      });
      break;
    }
    default:
      break;
  }
}

function end(): void {
  report({ type: 'ended', jobId: assignment.deployment.graph.jobId });
}
