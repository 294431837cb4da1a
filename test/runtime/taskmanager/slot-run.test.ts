import { expect } from 'chai';
import { type JobId, type Logger, newJobId } from '#core';
import { OccupiedSlot } from '../../../runtime/taskmanager/slot-run.js';
import type { SlotAssignment, SlotReport } from '../../../runtime/task/deployment.js';
import { ManualClock } from '../../support/manual-clock.js';
import { sampleGraph, vertexId } from '../../support/sample-graph.js';
import { ScriptedCarriers } from '../../support/scripted-carrier.js';
import { settled } from '../../support/until.js';

describe('OccupiedSlot', () => {
  const subtasks = [{ vertexId: vertexId(0), subtaskIndex: 0 }];

  function occupy(cancellationTimeoutMs = 180_000) {
    const clock = new ManualClock();
    const carriers = new ScriptedCarriers();
    const reports: SlotReport[] = [];
    const logged: string[] = [];
    let released = 0;
    const log = (message: string): void => {
      logged.push(message);
    };
    const logger: Logger = { debug: log, info: log, warn: log, error: log };
    const jobId: JobId = newJobId();
    const slot = new OccupiedSlot({ jobId, attempt: 0, slot: 0 }, subtasks, {
      clock,
      logger,
      carriers,
      cancellationIntervalMs: 30_000,
      cancellationTimeoutMs,
      report: (_, report) => reports.push(report),
      released: () => released++,
    });
    const graph = sampleGraph('0'.repeat(64) as never, [{ parallelism: 1 }], { jobId });
    const deployment = { graph, attempt: 0, slot: 0, subtasks, placements: [] };
    const assignment = { deployment, channels: [], programUrl: '', configuration: {} } as unknown as SlotAssignment;
    return { slot, clock, carriers, reports, logged, assignment, released: () => released };
  }

  it('reminds of tasks that do not stop, and ends their thread in the end', async () => {
    const { slot, clock, carriers, logged, assignment, released } = occupy();
    slot.begin(assignment);
    carriers.taken[0]!.deaf = true;
    slot.command({ type: 'cancel' });
    slot.command({ type: 'cancel' });
    expect(carriers.taken[0]!.commands.map(({ type }) => type)).to.deep.equal(['deploy', 'cancel']);
    clock.advance(65_000);
    expect(logged).to.deep.equal(Array.from({ length: 2 }, () => 'tasks were cancelled and have not stopped yet'));
    clock.advance(115_000);
    await settled(2);
    expect(logged.at(-1)).to.equal('tasks did not stop within 180000 ms: their thread is ended');
    expect([carriers.live.length, released(), clock.pendingTimers]).to.deep.equal([0, 1, 0]);
  });

  it('waits for ever with a timeout of 0', () => {
    const { slot, clock, carriers, assignment, released } = occupy(0);
    slot.begin(assignment);
    carriers.taken[0]!.deaf = true;
    slot.command({ type: 'cancel' });
    clock.advance(10_000_000);
    expect([carriers.live.length, released()]).to.deep.equal([1, 0]);
  });

  it('takes no thread when it was cancelled, or failed, before its program came', () => {
    for (const end of ['cancel', 'fail'] as const) {
      const { slot, carriers, reports, assignment, released } = occupy();
      if (end === 'cancel') slot.command({ type: 'cancel' });
      else slot.fail(new Error('no program'));
      slot.begin(assignment);
      expect([carriers.taken.length, released()]).to.deep.equal([0, 1]);
      expect(reports.map(({ type }) => type)).to.deep.equal(end === 'cancel' ? [] : ['failed']);
    }
  });

  it('says nothing more once it has ended', async () => {
    const { slot, carriers, reports, assignment, released } = occupy();
    slot.begin(assignment);
    carriers.taken[0]!.finish();
    const before = reports.length;
    carriers.taken[0]!.fail('late');
    carriers.taken[0]!.exit(new Error('late'));
    slot.fail(new Error('late'));
    await settled(2);
    expect(reports).to.have.length(before);
    expect(released()).to.equal(1);
  });

  it('does not count the end of a cancelled thread as a failure', () => {
    const { slot, carriers, reports, assignment, released } = occupy();
    slot.begin(assignment);
    carriers.taken[0]!.deaf = true;
    slot.command({ type: 'cancel' });
    carriers.taken[0]!.exit(new Error('process.exit in close'));
    expect(reports.filter(({ type }) => type === 'failed')).to.be.empty;
    expect(released()).to.equal(1);
  });
});
