import { expect } from 'chai';
import fc from 'fast-check';
import { StreamExecutionEnvironment } from '#api';
import { runJob } from '../../support/run-program.js';
import { anyStream, build, type RandomStream, type Row, type TwinConditions, twinOf } from './random-programs.js';

interface Run {
  readonly stream: RandomStream;
  readonly mode: 'STREAMING' | 'BATCH';
  readonly slots: 'one' | 'all';
  readonly segmentSizeBytes: number;
  readonly compiled: boolean;
}

const anyRun: fc.Arbitrary<Run> = fc.record({
  stream: anyStream,
  mode: fc.constantFrom('STREAMING', 'BATCH'),
  slots: fc.constantFrom('all', 'all', 'one'),
  segmentSizeBytes: fc.constantFrom(512, 4096),
  compiled: fc.boolean(),
});

async function outputOf({ stream, slots, segmentSizeBytes, compiled }: Run, { parallelism, mode }: TwinConditions): Promise<Row[]> {
  const output: Row[] = [];
  await runJob(
    async () => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment().setRuntimeMode(mode);
      build(env, stream).addSink((row) => {
        output.push(row);
      });
      await env.execute();
    },
    {
      parallelism,
      segmentSizeBytes,
      buffersPerChannel: 2,
      floatingBuffersPerGate: 1,
      ...(slots === 'one' ? { slots: 1 } : {}),
      configuration: { 'pipeline.compiled-chains': String(compiled) },
    },
  );
  return output;
}

/** Records as text, in order, to be compared as multisets. */
const sorted = (rows: readonly Row[]): string[] => rows.map(({ k, v, s }) => JSON.stringify([k, v, s])).sort();

describe('random programs', () => {
  for (const parallelism of [1, 2, 4, 7]) {
    it(`come to what their twin in memory comes to, with every partitioning and parallelism ${parallelism}`, async () => {
      await fc.assert(
        fc.asyncProperty(anyRun, async (run) => {
          const conditions = { parallelism, mode: run.mode };
          expect(sorted(await outputOf(run, conditions))).to.deep.equal(sorted(twinOf(run.stream, conditions)));
        }),
        { numRuns: 40 },
      );
    });
  }
});
