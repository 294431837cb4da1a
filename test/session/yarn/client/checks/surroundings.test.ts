import { expect } from 'chai';
import { Configuration } from '#conf';
import { fileSystemWarnings, hadoopDirectoryWarnings, queueWarnings } from '../../../../../session/yarn/client/checks/surroundings.js';
import { checkVcores, taskManagerVcores } from '../../../../../session/yarn/client/checks/vcores.js';

const QUEUES = ['default', 'etl'].map((name) => ({
  name,
  path: `root.${name}`,
  currentCapacity: 0,
  maximumCapacity: 1,
  applications: 0,
}));

describe('session/yarn/client/checks/surroundings', () => {
  it('warns when nothing names the directory of Hadoop', () => {
    expect(hadoopDirectoryWarnings(Configuration.empty, {})[0]).to.match(/^Neither the HADOOP_CONF_DIR nor the YARN_CONF_DIR/);
    expect(hadoopDirectoryWarnings(Configuration.empty, { YARN_CONF_DIR: '/etc/hadoop' })).to.deep.equal([]);
    expect(hadoopDirectoryWarnings(Configuration.of({ 'fs.hdfs.hadoopconf': '/etc/hadoop' }), {})).to.deep.equal([]);
  });

  it('warns when files are staged on this machine', () => {
    expect(fileSystemWarnings('file:///home/me')[0]).to.match(/^The file system scheme is 'file'\. This indicates that/);
    expect(fileSystemWarnings('hdfs://nn/user/me')).to.deep.equal([]);
  });

  it('warns of a queue that is not there, with those that are', () => {
    expect(queueWarnings('prod', QUEUES)).to.deep.equal(["The specified queue 'prod' does not exist. Available queues: default, etl"]);
    for (const known of [undefined, 'etl', 'root.etl']) expect(queueWarnings(known, QUEUES)).to.deep.equal([]);
    expect(queueWarnings('prod', [])).to.deep.equal([]);
  });
});

describe('session/yarn/client/checks/vcores', () => {
  it('takes one for each slot, unless configured', () => {
    expect(taskManagerVcores(Configuration.empty, 4)).to.equal(4);
    expect(taskManagerVcores(Configuration.of({ 'yarn.containers.vcores': '2' }), 4)).to.equal(2);
  });

  it("refuses more than a node has, in Flink's words", () => {
    expect(() => {
      checkVcores(Configuration.of({ 'yarn.containers.vcores': '9' }), 1, 8);
    }).to.throw('The number of virtual cores per node were configured with 9 but Yarn only has 8 virtual cores available.');
    checkVcores(Configuration.empty, 8, 8);
  });
});
