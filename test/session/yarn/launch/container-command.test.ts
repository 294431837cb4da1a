import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { containerCommand } from '../../../../session/yarn/launch/container-command.js';
import { useTempDirectory } from '../../../support/temp-directory.js';

const TEMPLATE = '%java% %jvmmem% %jvmopts% %logging% %class% %args% %redirects%';

describe('session/yarn/launch/container-command', () => {
  const directory = useTempDirectory();

  it('fills in the template', () => {
    const command = containerCommand({
      template: TEMPLATE,
      process: 'jobmanager',
      node: './node',
      memoryFlags: ['--max-old-space-size=424'],
      flags: ['--inspect'],
    });
    expect(command).to.include(
      'trap : TERM; ./node --max-old-space-size=424 --inspect flink-ts/dist/bundle/yarn-application-master.js ' +
        '1><LOG_DIR>/jobmanager.out 2><LOG_DIR>/jobmanager.err',
    );
  });

  it('keeps a template of the user, and what it does not know in it', () => {
    const parts = { process: 'taskmanager', node: '/opt/node/bin/node', memoryFlags: [], flags: [] } as const;
    expect(containerCommand({ ...parts, template: 'nice %java% %class% %other%' })).to.include(
      'nice /opt/node/bin/node flink-ts/dist/bundle/yarn-task-manager.js %other%',
    );
  });

  it('shows the end of what a failed process has said, and keeps its exit code', () => {
    const command = containerCommand({
      template: "%java% -c 'echo why >&2; exit 31' %redirects%",
      process: 'jobmanager',
      node: 'bash',
      memoryFlags: [],
      flags: [],
    }).replaceAll('<LOG_DIR>', directory.path);
    const { status, stderr } = spawnSync('bash', ['-c', `exec /bin/bash -c "${command}"`], { encoding: 'utf8' });
    expect([status, stderr]).to.deep.equal([31, 'why\n']);
  });

  for (const word of ['a b', `it's`, 'a"b', '$HOME', '`id`', 'back\\slash', '*', 'a;b']) {
    it(`carries the flag ${word} through both shells of a container`, () => {
      const parts = { process: 'jobmanager', node: 'printf', memoryFlags: [], args: [] } as const;
      const command = containerCommand({ ...parts, template: '%java% %jvmopts%', flags: ['%s', word] });
      expect(execFileSync('bash', ['-c', `exec /bin/bash -c "${command}"`], { encoding: 'utf8' })).to.equal(word);
    });
  }
});
