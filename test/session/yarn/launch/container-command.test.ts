import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { containerCommand } from '../../../../session/yarn/launch/container-command.js';

const TEMPLATE = '%java% %jvmmem% %jvmopts% %logging% %class% %args% %redirects%';

describe('session/yarn/launch/container-command', () => {
  it('fills in the template', () => {
    const command = containerCommand({
      template: TEMPLATE,
      process: 'jobmanager',
      node: './node',
      memoryFlags: ['--max-old-space-size=424'],
      flags: ['--inspect'],
    });
    expect(command).to.equal(
      './node --max-old-space-size=424 --inspect flink-ts/dist/bundle/yarn-application-master.js ' +
        '1><LOG_DIR>/jobmanager.out 2><LOG_DIR>/jobmanager.err',
    );
  });

  it('keeps a template of the user, and what it does not know in it', () => {
    const parts = { process: 'taskmanager', node: '/opt/node/bin/node', memoryFlags: [], flags: [] } as const;
    expect(containerCommand({ ...parts, template: 'nice %java% %class% %other%' })).to.equal(
      'nice /opt/node/bin/node flink-ts/dist/bundle/yarn-task-manager.js %other%',
    );
  });

  for (const word of ['a b', `it's`, 'a"b', '$HOME', '`id`', 'back\\slash', '*', 'a;b']) {
    it(`carries the flag ${word} through both shells of a container`, () => {
      const parts = { process: 'jobmanager', node: 'printf', memoryFlags: [], args: [] } as const;
      const command = containerCommand({ ...parts, template: '%java% %jvmopts%', flags: ['%s', word] });
      expect(execFileSync('bash', ['-c', `exec /bin/bash -c "${command}"`], { encoding: 'utf8' })).to.equal(word);
    });
  }
});
