import { expect } from 'chai';
import fc from 'fast-check';
import type { BlobKey, TaskManagerId } from '#core';
import { Execution } from '../../../runtime/schedule/execution.js';
import { ExecutionGraph } from '../../../runtime/schedule/execution-graph.js';
import type { TaskState } from '../../../runtime/task/deployment.js';
import { ManualClock } from '../../support/manual-clock.js';
import { sampleGraph, vertexId } from '../../support/sample-graph.js';

const STATES: readonly TaskState[] = [
  'CREATED',
  'SCHEDULED',
  'DEPLOYING',
  'INITIALIZING',
  'RUNNING',
  'FINISHED',
  'CANCELING',
  'CANCELED',
  'FAILED',
];

describe('Execution', () => {
  it('never leaves an end state, never goes back, and notes when each state was entered', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STATES), { maxLength: 20 }), (reports) => {
        const clock = new ManualClock();
        const execution = new Execution(vertexId(0), 0, 0, clock);
        for (const report of reports) {
          clock.advance(1);
          const { state, terminal } = execution;
          const entered = execution.enter(report);
          expect(execution.state).to.equal(entered ? report : state);
          if (terminal) expect(entered).to.be.false;
          if (entered) expect(execution.timestamps[report]).to.equal(clock.now());
        }
        const times = STATES.map((state) => execution.timestamps[state]).filter((time) => time !== undefined);
        expect(times).to.have.length(new Set(times).size);
      }),
    );
  });
});

describe('ExecutionGraph', () => {
  const graph = sampleGraph('0'.repeat(64) as BlobKey, [{ parallelism: 1 }, { parallelism: 2 }]);
  const places = [0, 1].map((slot) => ({ taskManagerId: 'tm' as TaskManagerId, host: 'h', dataPort: 1, slot }));

  it('places the subtasks of a slot together', () => {
    const executions = new ExecutionGraph(graph, new ManualClock());
    executions.assign(executions.regions, places);
    expect(
      executions.placements(executions.regions).map(({ vertexId: vertex, subtaskIndex, slot }) => [vertex, subtaskIndex, slot]),
    ).to.deep.equal([
      [vertexId(0), 0, 0],
      [vertexId(1), 0, 0],
      [vertexId(1), 1, 1],
    ]);
    expect(executions.slotOf({ vertexId: vertexId(1), subtaskIndex: 1 })?.place.slot).to.equal(1);
    expect(executions.describe({ vertexId: vertexId(1), subtaskIndex: 1 })).to.equal('Step 1 (2/2)');
  });

  it('begins every attempt from scratch', () => {
    const executions = new ExecutionGraph(graph, new ManualClock());
    executions.assign(executions.regions, places);
    executions.enterAll('FINISHED');
    expect(executions.allFinished).to.be.true;
    executions.nextAttempt();
    expect(executions.attempt).to.equal(1);
    expect(executions.slots).to.be.empty;
    expect(executions.executions.map(({ state, attempt, place }) => [state, attempt, place])).to.deep.equal(
      Array.from({ length: 3 }, () => ['CREATED', 1, undefined]),
    );
  });
});
