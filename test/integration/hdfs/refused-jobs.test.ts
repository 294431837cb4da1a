import { expect } from 'chai';
import { useTempDirectory } from '../../support/temp-directory.js';
import { poll } from '../../testbed/poll.js';
import { Installation } from '../standalone/command-line.js';
import { hdfsLines } from './hdfs-under-test.js';
import { useSharedHdfs } from './shared-hdfs.js';

/** Writes numbers to files of HDFS, exactly once, and keeps its checkpoints there, too. */
const NUMBERS = `import {
  BasePathBucketAssigner, FileSink, RestartStrategies, SimpleStringEncoder, StreamExecutionEnvironment,
} from 'flink-ts';
const [out, count, rate] = process.argv.slice(2);
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(200);
env.getConfig().setRestartStrategy(RestartStrategies.noRestart());
env.dataGenerator((index) => String(index), Number(count), { ratePerSecond: Number(rate) })
  .sinkTo(FileSink.forRowFormat(out, new SimpleStringEncoder<string>()).withBucketAssigner(new BasePathBucketAssigner()).build());
await env.execute('numbers');
`;
const COUNT = 60_000;
/** From the refusal to the end of the job, however slow the machine. */
const SOON_MS = 15_000;

describe('jobs that HDFS refuses to serve', function () {
  this.timeout(180_000);
  const directory = useTempDirectory();
  const hdfs = useSharedHdfs();

  async function checkpoints(jobs: readonly string[]): Promise<readonly string[]> {
    const found = (await Promise.all(jobs.map(async (job) => await hdfs.files.list(job)))).flat().map(({ path }) => path);
    const complete = await Promise.all(
      found.map(async (path) => /\/chk-\d+$/.test(path) && (await hdfs.files.exists(`${path}/_metadata`))),
    );
    return found.filter((_, index) => complete[index]);
  }

  for (const { trouble, begin, end, said } of [
    {
      trouble: 'is read-only',
      begin: () => hdfs.testbed.dfsAdmin('safemode', 'enter'),
      end: () => hdfs.testbed.dfsAdmin('safemode', 'leave'),
      said: /could not [a-z ]+ "hdfs:\S+\/test-\d+\/\S+": the NameNode is in safe mode, in which HDFS is read-only/,
    },
    {
      trouble: 'is full',
      begin: () => hdfs.testbed.dfsAdmin('setSpaceQuota', '1', hdfs.root.replace('hdfs://', '')),
      end: () => hdfs.testbed.dfsAdmin('clrSpaceQuota', hdfs.root.replace('hdfs://', '')),
      said: /could not write "hdfs:\S+\/test-\d+\/\S+": over the quota: The DiskSpace quota of \/tmp\/test-\d+ is exceeded/,
    },
  ]) {
    it(`end soon with path and reason when it ${trouble}, and keep the last checkpoint`, async () => {
      const client = await Installation.create(directory.path, {
        'fs.hdfs.hadoopconf': hdfs.testbed.confDirectory,
        'state.checkpoints.dir': `${hdfs.root}/checkpoints`,
        'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION',
      });
      const program = client.program('numbers.ts', NUMBERS);
      const job = client.start('flink-ts', 'run', '-p', '1', program, `${hdfs.root}/out`, String(COUNT), '2000');
      await poll('two checkpoints', 60_000, async () => {
        if (!(await hdfs.files.exists(`${hdfs.root}/checkpoints`))) return false;
        const [last] = await checkpoints((await hdfs.files.list(`${hdfs.root}/checkpoints`)).map(({ path }) => path));
        return last !== undefined && Number(last.split('-').at(-1)) >= 2;
      });
      await begin();
      const startMs = performance.now();
      const { code, err } = await job.finished;
      const tookMs = performance.now() - startMs;
      await end();
      expect(code).to.equal(1);
      expect(err).to.match(said);
      expect(tookMs).to.be.lessThan(SOON_MS);
      const kept = await checkpoints((await hdfs.files.list(`${hdfs.root}/checkpoints`)).map(({ path }) => path));
      expect(kept).to.have.length(1);
      // After safe mode HDFS leaves the file to its dead writer for a minute: going on from there takes as long.
      if (trouble === 'is read-only') return;
      const again = await client.flink('run', '-p', '1', '-s', kept[0]!, program, `${hdfs.root}/out`, String(COUNT), '200000');
      expect(again.code, again.err).to.equal(0);
      const numbers = (await hdfsLines(hdfs.files, `${hdfs.root}/out`)).map(Number).sort((a, b) => a - b);
      expect(numbers).to.deep.equal(Array.from({ length: COUNT }, (_, number) => number));
    });
  }
});
