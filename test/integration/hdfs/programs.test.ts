import { expect } from 'chai';
import { joinPath } from '#core';
import { putFile } from '../../support/file-system-contract.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { Installation } from '../standalone/command-line.js';
import { START_MS, useSharedHdfs } from './shared-hdfs.js';

const JOB = `import { StreamExecutionEnvironment } from 'flink-ts';
import { greeting } from '../lib/words.js';
import { loud } from 'loud';
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.fromElements('Ann').map((name) => loud(greeting(name))).print();
await env.execute('greeting');
`;

describe('programs in HDFS', function () {
  this.timeout(START_MS);
  const directory = useTempDirectory();
  const hdfs = useSharedHdfs();
  let client: Installation;

  beforeEach(async () => {
    client = await Installation.create(directory.path, { 'fs.hdfs.hadoopconf': hdfs.testbed.confDirectory });
  });

  it('run with what they import from beside them, and from directories of modules', async () => {
    const program = await putFile(hdfs, 'jobs/job.ts', JOB);
    await putFile(hdfs, 'lib/words.ts', "export const greeting = (name: string): string => 'hello ' + name;\n");
    await putFile(hdfs, 'modules/loud/index.js', 'exports.loud = (text) => text.toUpperCase();\n');
    const { code, out, err } = await client.flink('run', '-p', '1', '-C', joinPath(hdfs.root, 'modules'), program);
    expect(code, err).to.equal(0);
    expect(out).to.include('HELLO ANN');
  });

  it('are named as they were typed when they are missing, do not compile, or throw', async () => {
    const missing = await client.flink('run', joinPath(hdfs.root, 'nowhere.ts'));
    expect(missing).to.include({ code: 1 });
    expect(missing.out).to.match(/^program file does not exist: hdfs:\S+\/nowhere\.ts\n/);
    const wrong = await client.flink('run', await putFile(hdfs, 'wrong.ts', 'const a = 1;\nconst b = = 2;\n'));
    expect(wrong.err).to.match(/^hdfs:\S+\/wrong\.ts:2:11: Unexpected "="\n/);
    const broken = await client.flink('run', await putFile(hdfs, 'broken.ts', "\nthrow new Error('main is broken');\n"));
    expect(broken.err).to.match(/^Error: main is broken\n {2}at hdfs:\S+\/broken\.ts:2:7/);
  });
});
