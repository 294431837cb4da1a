import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { useTempDirectory } from '../../support/temp-directory.js';
import { Installation } from './command-line.js';
import { TOTALS } from './programs.js';

describe('a savepoint', function () {
  this.timeout(120_000);
  const directory = useTempDirectory();

  for (const backend of ['hashmap', 'rocksdb']) {
    it(`of parallelism 2 goes on with 1, 3 and 5, and is disposed of: ${backend}`, async () => {
      const savepoints = join(directory.path, 'savepoints');
      const cluster = await Installation.create(directory.path, {
        'taskmanager.numberOfTaskSlots': '5',
        'state.backend': backend,
        'state.checkpoints.dir': `file://${directory.path}/checkpoints`,
        'state.savepoints.dir': `file://${savepoints}`,
      });
      await cluster.run('start-cluster.sh');
      try {
        const program = cluster.program('totals.ts', TOTALS);
        // Slow, so that the savepoint comes in its middle.
        const submitted = await cluster.flink('run', '-d', '-m', cluster.address, '-p', '2', program, '500');
        const jobId = /JobID ([0-9a-f]{32})/.exec(submitted.out)?.[1] ?? '';
        const reads = ({ vertices }: { vertices: { metrics: { 'read-records': number } }[] }): boolean =>
          vertices.some(({ metrics }) => metrics['read-records'] > 500);
        await cluster.restUntil(`/jobs/${jobId}`, reads);
        const taken = await cluster.flink('savepoint', '-m', cluster.address, jobId);
        expect(taken.out).to.match(
          /Savepoint completed\. Path: file:.*\nYou can resume your program from this savepoint with the run command\.\n$/,
        );
        expect((await cluster.flink('cancel', '-m', cluster.address, jobId)).code).to.equal(0);
        const [name = ''] = readdirSync(savepoints);
        const path = join(savepoints, name);
        for (const parallelism of ['1', '3', '5']) {
          const { code, err } = await cluster.flink('run', '-m', cluster.address, '-p', parallelism, '-s', path, program, '1000000');
          expect({ code, err }).to.deep.equal({ code: 0, err: '' });
        }
        expect((await cluster.flink('savepoint', '-m', cluster.address, '-d', path)).out).to.include(`Savepoint '${path}' disposed.`);
        expect(readdirSync(savepoints)).to.deep.equal([]);
      } finally {
        await cluster.run('stop-cluster.sh');
      }
      const totals = cluster.log('taskmanager', 0, hostname(), 'out').match(/total \d+ \d+/g) ?? [];
      const expected = Array.from({ length: 20 }, (_, key) => `total ${key} ${9_990_000 + 1000 * key}`);
      expect(totals.sort()).to.deep.equal([...expected, ...expected, ...expected].sort());
    });
  }
});
