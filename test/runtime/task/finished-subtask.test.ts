import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FinishStep, IntCounter, type RuntimeContext, StreamExecutionEnvironment } from '#api';
import type { JobGraph } from '../../../runtime/plan/job-graph.js';
import type { RestoredSubtask } from '../../../runtime/task/deployment.js';
import { expectEnded, sink } from '../../support/job-endings.js';
import { runJob } from '../../support/run-program.js';
import { useTempDirectory } from '../../support/temp-directory.js';

const STEP: FinishStep = { kind: 'delete', path: '/tmp/of-the-finished' };

/** Subtask `subtaskIndex` of the task that begins with the named operator. */
function restored(job: JobGraph, name: string, subtaskIndex: number, more: Partial<RestoredSubtask> = {}): RestoredSubtask {
  const vertex = job.vertices.find(({ operators }) => operators[0]?.name.endsWith(name))!;
  return { vertexId: vertex.id, subtaskIndex, checkpointId: 3, operators: {}, ...more };
}

const finished = (value: number): Pick<RestoredSubtask, 'finished'> => ({
  finished: { steps: [STEP], accumulators: { read: { kind: 'sum', value } } },
});

class Counting {
  readonly #read = new IntCounter();
  open(context: RuntimeContext): void {
    context.addAccumulator('read', this.#read);
  }
  map(value: string): string {
    this.#read.add(1);
    return value;
  }
}

describe('subtasks that had finished', () => {
  const directory = useTempDirectory();

  it('say so to those behind them, and report what they had left', async () => {
    const run = await runJob(
      async () => {
        const env = StreamExecutionEnvironment.getExecutionEnvironment();
        const over = env.fromElements('a', 'b').name('over').map(new Counting());
        const open = env.fromElements('c', 'd').name('open').map(new Counting());
        over.union(open).rebalance().collectAsync();
        await env.execute();
      },
      { restores: (job) => [restored(job, 'over', 0, finished(2))] },
    );
    expect([...run.collected.values()].flat()).to.have.members(['c', 'd']);
    expect((await run.result()).accumulators).to.deep.equal({ read: 4 });
    expect(run.steps).to.deep.equal([STEP]);
    expectEnded(run);
  });

  it('open no sink, and are the end of the job where nothing else is', async () => {
    const events: string[] = [];
    const run = await runJob(
      async () => {
        const env = StreamExecutionEnvironment.getExecutionEnvironment();
        env
          .fromElements('a')
          .name('over')
          .sinkTo(sink({ open: () => void events.push('open'), flush: () => Promise.resolve([STEP, STEP]) }));
        await env.execute();
      },
      { restores: (job) => [restored(job, 'over', 0, finished(1))] },
    );
    expect(events).to.deep.equal([]);
    expect(run.steps).to.deep.equal([STEP]);
  });

  for (const index of [0, 1]) {
    it(`leave the other reader of their source its enumerator, with nothing to give out: subtask ${index}`, async () => {
      const path = join(directory.path, 'lines.txt');
      writeFileSync(path, 'one\ntwo\n');
      const run = await runJob(
        async () => {
          const env = StreamExecutionEnvironment.getExecutionEnvironment();
          env.readTextFile(path).name('lines').map(new Counting()).rebalance().collectAsync();
          await env.execute();
        },
        {
          parallelism: 2,
          restores: (job) => {
            const source = job.vertices[0]!.operators[0]!;
            const other = { operators: { [source.operatorId]: { keyed: [], lists: {} } } };
            return [restored(job, 'lines', index, finished(2)), restored(job, 'lines', 1 - index, other)];
          },
        },
      );
      expect([...run.collected.values()].flat()).to.deep.equal([]);
      expect((await run.result()).accumulators).to.deep.equal({ read: 2 });
      expectEnded(run);
    });
  }

  it('leave nothing to an enumerator where all of a source have finished', async () => {
    const run = await runJob(
      async () => {
        const env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.readTextFile(directory.path).name('lines').rebalance().collectAsync();
        await env.execute();
      },
      { parallelism: 2, restores: (job) => [restored(job, 'lines', 0, finished(1)), restored(job, 'lines', 1, finished(2))] },
    );
    expect((await run.result()).accumulators).to.deep.equal({ read: 3 });
    expectEnded(run);
  });
});
