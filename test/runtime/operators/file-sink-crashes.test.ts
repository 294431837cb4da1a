import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { type BucketAssigner, DefaultRollingPolicy, OnCheckpointRollingPolicy, type RollingPolicy } from '#api';
import type { FileSinkSettings } from '../../../api/sinks/files/file-sink-writer.js';
import { bulkFormat, rowFormat } from '../../../api/sinks/files/part-format.js';
import { FileJob, type AttemptPlan, type FileJobStep } from '../../support/file-job.js';
import { ManualClock } from '../../support/manual-clock.js';
import { useTempDirectory } from '../../support/temp-directory.js';

const RECORDS = 200;
const WIDTH = 6;

const ROWS = rowFormat<number>({ encode: lineOf });
/** A format that can only be read to its end: with a last line that counts the others. */
const COUNTED = bulkFormat<number>({
  create: (output) => {
    let count = 0;
    return {
      addElement: (value) => {
        count++;
        output.write(Buffer.from(lineOf(value)));
      },
      finish: async () => {
        await Promise.resolve();
        output.write(Buffer.from(`${count} lines\n`));
      },
    };
  },
});
const TWO_BUCKETS: BucketAssigner<number> = { getBucketId: (value) => `third=${value % 3}/x` };

function lineOf(value: number): string {
  return `${String(value).padStart(WIDTH - 1, '0')}\n`;
}

function settings(format: FileSinkSettings<number>['format'], rollingPolicy: RollingPolicy<number>): FileSinkSettings<number> {
  return { format, rollingPolicy, bucketAssigner: TWO_BUCKETS, bucketCheckIntervalMs: 1000, partPrefix: 'part', partSuffix: '.txt' };
}

const oneStep: fc.Arbitrary<FileJobStep> = fc.oneof(
  fc.record({ kind: fc.constant('records' as const), count: fc.integer({ min: 1, max: 20 }) }),
  fc.record({
    kind: fc.constant('checkpoint' as const),
    meanwhile: fc.integer({ min: 0, max: 10 }),
    declined: fc.integer({ min: 0, max: 4 }).map((chance) => chance === 0),
  }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(500, 1500, 5000) }),
);
const attempts: fc.Arbitrary<readonly AttemptPlan[]> = fc.array(
  fc.record({
    parallelism: fc.integer({ min: 1, max: 3 }),
    operations: fc.integer({ min: 0, max: 80 }),
    steps: fc.array(oneStep, { minLength: 1, maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** The numbers in whole files; fails for half ones. */
function numbersIn(file: string, counted: boolean): number[] {
  const lines = file.split('\n');
  expect(lines.pop(), 'the end of a file').to.equal('');
  if (counted) expect(lines.pop(), 'the last line').to.equal(`${lines.length} lines`);
  for (const line of lines) expect(line).to.match(/^\d{5}$/);
  return lines.map(Number);
}

describe('FileSink, killed at any operation and restored at any parallelism', function () {
  this.timeout(60_000);
  const directory = useTempDirectory();
  const stays = DefaultRollingPolicy.builder()
    .withMaxPartSize(1000)
    .withRolloverInterval('1 h')
    .withInactivityInterval('1 h')
    .build<number>();
  const rolls = DefaultRollingPolicy.builder()
    .withMaxPartSize(20)
    .withRolloverInterval('3 s')
    .withInactivityInterval('1 s')
    .build<number>();
  const cases: Readonly<Record<string, FileSinkSettings<number>>> = {
    'rows, files that stay open': settings(ROWS, stays),
    'rows, files that end often': settings(ROWS, rolls),
    'a bulk format': settings(COUNTED, OnCheckpointRollingPolicy.build<number>()),
  };

  for (const [name, setting] of Object.entries(cases)) {
    it(`writes each record exactly once: ${name}`, async () => {
      const counted = setting.format === COUNTED;
      await fc.assert(
        fc.asyncProperty(attempts, fc.integer({ min: 1, max: 3 }), async (plans, parallelism) => {
          const job = new FileJob(mkdtempSync(join(directory.path, 'job-')), setting, RECORDS, new ManualClock());
          const visible = (): number[] =>
            job
              .visibleFiles()
              .flatMap((file) => numbersIn(file, counted))
              .sort((a, b) => a - b);
          for (const plan of plans) {
            await job.attemptAndDie(plan);
            const seen = visible();
            expect(new Set(seen).size, 'no number twice').to.equal(seen.length);
            expect((seen.at(-1) ?? -1) < job.completePosition, 'nothing beyond the last checkpoint').to.equal(true);
          }
          await job.finish(parallelism);
          expect(visible()).to.deep.equal(Array.from({ length: RECORDS }, (_, index) => index));
          expect(job.hiddenFiles()).to.deep.equal([]);
        }),
        { numRuns: 25 },
      );
    });
  }
});
