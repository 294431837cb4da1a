import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoggingConfiguration } from '#conf';
import { openProcessLogger } from '../../../session/logging/process-logger.js';
import { useTempDirectory } from '../../support/temp-directory.js';

describe('session/logging/process-logger', () => {
  const directory = useTempDirectory();
  const file = (name: string): string => join(directory.path, name);
  const appender = (name: string, more: object = {}): LoggingConfiguration['appenders'][number] => ({
    kind: 'file',
    name,
    file: file(`${name}.log`),
    append: true,
    pattern: '%p %c %x %m%n',
    ...more,
  });

  it('writes what the level lets pass, with its context', async () => {
    const logger = openProcessLogger(
      { rootLevel: 'info', rootAppenders: ['all'], loggers: [], appenders: [appender('all')] },
      'jobmanager',
    );
    logger.debug('hidden');
    logger.info('started', { port: 1 });
    logger.error('failed');
    await logger.close();
    expect(readFileSync(file('all.log'), 'utf8')).to.equal('INFO jobmanager port=1 started\nERROR jobmanager  failed\n');
  });

  it('follows the rules for named loggers', async () => {
    const rule = (name: string, more: object): LoggingConfiguration['loggers'][number] => ({
      name,
      appenders: [],
      additive: true,
      ...more,
    });
    const logger = openProcessLogger(
      {
        rootLevel: 'warn',
        rootAppenders: ['all'],
        loggers: [rule('runtime', { level: 'debug' }), rule('runtime.blob', { appenders: ['blobs'], additive: false })],
        appenders: [appender('all'), appender('blobs')],
      },
      'jobmanager',
    );
    logger.info('hidden');
    logger.named('runtime.task').debug('a task');
    logger.named('runtime.blob').debug('a blob');
    logger.named('runtimes').debug('hidden');
    await logger.close();
    expect(readFileSync(file('all.log'), 'utf8')).to.equal('DEBUG runtime.task  a task\n');
    expect(readFileSync(file('blobs.log'), 'utf8')).to.equal('DEBUG runtime.blob  a blob\n');
  });

  it('begins a new file at the size that is set', async () => {
    const appenders = [appender('all', { maxSizeBytes: 200, maxFiles: 2 })];
    const logger = openProcessLogger({ rootLevel: 'info', rootAppenders: ['all'], loggers: [], appenders }, 'x');
    for (let line = 0; line < 20; line++) logger.info(`line ${line} `.padEnd(40, '.'));
    await logger.close();
    expect(readdirSync(directory.path).toSorted()).to.deep.equal(['all.log', 'all.log.1', 'all.log.2']);
    expect(readFileSync(file('all.log'), 'utf8')).to.include('line 19');
    expect(readFileSync(file('all.log.1'), 'utf8'))
      .to.include('line 15')
      .and.not.include('line 19');
  });
});
