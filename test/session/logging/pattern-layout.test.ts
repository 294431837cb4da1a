import { expect } from 'chai';
import { DEFAULT_PATTERN, type LogEvent, patternLayout } from '../../../session/logging/pattern-layout.js';

const EVENT: LogEvent = {
  timeMs: new Date(2026, 0, 2, 3, 4, 5, 6).getTime(),
  level: 'warn',
  name: 'runtime.taskmanager',
  message: 'lost it',
  context: { jobId: 'ab', count: 2, nothing: undefined },
};

describe('session/logging/pattern-layout', () => {
  const text = (pattern: string): string => patternLayout(pattern)(EVENT);

  it('writes the usual pattern', () => {
    expect(text(DEFAULT_PATTERN)).to.equal(
      `2026-01-02 03:04:05,006 WARN  ${'runtime.taskmanager'.padEnd(60)} jobId=ab count=2 - lost it\n`,
    );
  });

  it('knows the words of log4j and logback', () => {
    expect(text('%date{HH:mm:ss.SSS} [%thread] %-5level %logger{60} - %msg%n')).to.equal(
      '03:04:05.006 [main] WARN  runtime.taskmanager - lost it\n',
    );
    expect(text('%d{ISO8601}|%X{jobId}|%%')).to.equal('2026-01-02 03:04:05,006|ab|%');
  });

  it('pads and cuts', () => {
    expect(text('%10p|%-6p|%.11c|%5.3m')).to.equal('      WARN|WARN  |taskmanager|   it'.replace('   it', '   it'));
  });

  it('leaves out what it does not know', () => {
    expect(text('%q{x}%m')).to.equal('lost it');
  });
});
