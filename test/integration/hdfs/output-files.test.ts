import { expect } from 'chai';
import { putFile } from '../../support/file-system-contract.js';
import { useTempDirectory } from '../../support/temp-directory.js';
import { httpJson } from '../../testbed/http-json.js';
import { type Finished, Installation } from '../standalone/command-line.js';
import { hdfsLines } from './hdfs-under-test.js';
import { activeNameNodePage, useSharedHdfs } from './shared-hdfs.js';

/** Writes the same three lines into each of its arguments: `path,parallelism`, or `path,parallelism,mode`. */
const WRITE = `import { StreamExecutionEnvironment, type WriteMode } from 'flink-ts';
const env = StreamExecutionEnvironment.getExecutionEnvironment();
for (const output of process.argv.slice(2)) {
  const [path, parallelism, mode] = output.split(',');
  env.fromElements('a', 'b', 'c').writeAsText(path, mode as WriteMode | undefined).setParallelism(Number(parallelism));
}
await env.execute('write');
`;

const REFUSED =
  'File or directory already exists. Existing files and directories are not overwritten in NO_OVERWRITE mode. ' +
  'Use OVERWRITE mode to overwrite existing files and directories.';

/** Features 9.2, scenario 10: `fs.overwrite-files`, `fs.output.always-create-directory`, and a parallelism of 1 and 2. */
describe('output in HDFS', function () {
  this.timeout(120_000);
  const directory = useTempDirectory();
  const hdfs = useSharedHdfs();
  let client: Installation;
  let program: string;

  beforeEach(async () => {
    client = await Installation.create(directory.path, { 'fs.hdfs.hadoopconf': hdfs.testbed.confDirectory });
    program = client.program('write.ts', WRITE);
    for (const parallelism of [1, 2]) {
      await putFile(hdfs, `file-${parallelism}`, 'old\n');
      await hdfs.files.makeDirectories(`${hdfs.root}/directory-${parallelism}`);
      await putFile(hdfs, `directory-${parallelism}/9`, 'old\n');
    }
  });

  async function write(settings: Readonly<Record<string, boolean>>, ...outputs: readonly string[]): Promise<Finished> {
    const words = Object.entries(settings).flatMap(([key, value]) => ['-D', `${key}=${value}`]);
    return await client.flink('run', ...words, program, ...outputs.map((output) => `${hdfs.root}/${output}`));
  }

  /** As WebHDFS lists it: the names in a directory, or "file". */
  async function listed(name: string): Promise<readonly string[] | 'file'> {
    const page = await activeNameNodePage(hdfs.testbed);
    const answer = await httpJson(`${page}/webhdfs/v1${hdfs.root.slice('hdfs://'.length)}/${name}?op=LISTSTATUS`);
    const found = (answer as { FileStatuses: { FileStatus: { pathSuffix: string; type: string }[] } }).FileStatuses.FileStatus;
    if (found.length === 1 && found[0]!.pathSuffix === '' && found[0]!.type === 'FILE') return 'file';
    return found.map(({ pathSuffix }) => pathSuffix).sort();
  }

  async function expectWritten(name: string, parallelism: number, always: boolean): Promise<void> {
    const parts = Array.from({ length: parallelism }, (_, index) => String(index + 1));
    expect(await listed(name), name).to.deep.equal(parallelism === 1 && !always ? 'file' : parts);
    expect((await hdfsLines(hdfs.files, `${hdfs.root}/${name}`)).sort()).to.deep.equal(['a', 'b', 'c']);
  }

  async function expectRefused(settings: Readonly<Record<string, boolean>>, output: string): Promise<void> {
    const { code, err } = await write(settings, output);
    expect(code).to.equal(1);
    expect(err).to.include(REFUSED);
    const [name = ''] = output.split(',');
    expect(await hdfsLines(hdfs.files, `${hdfs.root}/${name}`)).to.deep.equal(['old']);
  }

  for (const always of [false, true]) {
    const place = { 'fs.output.always-create-directory': always };

    it(`is not replaced without "fs.overwrite-files", with "fs.output.always-create-directory: ${always}"`, async () => {
      const fresh = await write(place, 'new-1,1', 'new-2,2', 'file-1,1,OVERWRITE', 'directory-2,2,OVERWRITE');
      expect(fresh.code, fresh.err).to.equal(0);
      for (const name of ['new-1', 'file-1']) await expectWritten(name, 1, always);
      for (const name of ['new-2', 'directory-2']) await expectWritten(name, 2, always);
      await expectRefused({ ...place, 'fs.overwrite-files': false }, 'file-2,2');
      await expectRefused(place, 'directory-1,1');
      expect(await listed('file-2')).to.equal('file');
      expect(await listed('directory-1')).to.deep.equal(['9']);
    });

    it(`is replaced with "fs.overwrite-files", with "fs.output.always-create-directory: ${always}"`, async () => {
      const settings = { ...place, 'fs.overwrite-files': true };
      const over = await write(settings, 'new-1,1', 'new-2,2', 'file-1,1', 'file-2,2', 'directory-1,1');
      expect(over.code, over.err).to.equal(0);
      for (const name of ['new-1', 'file-1', 'directory-1']) await expectWritten(name, 1, always);
      for (const name of ['new-2', 'file-2']) await expectWritten(name, 2, always);
      await expectRefused(settings, 'directory-2,2,NO_OVERWRITE');
      expect(await listed('directory-2')).to.deep.equal(['9']);
    });
  }
});
