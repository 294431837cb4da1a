import { join } from 'node:path';
import { expect } from 'chai';
import { DEFAULT_LOGGING, loadLogging, parseLogging } from '#conf';
import { failureOf, withFiles } from '../temporary-directory.js';

const options = { logFile: '/log/jm.log', environment: { MAX: '7' } };
const LOG4J_1 = `
log4j.rootLogger=INFO, file
log4j.rootCategory=DEBUG, nothing
log4j.logger.org.a=ERROR, file, con
log4j.additivity.org.a=false
log4j.logger.org.b=FATAL
log4j.appender.file=org.apache.log4j.RollingFileAppender
log4j.appender.file.File=\${log.file}
log4j.appender.file.append=false
log4j.appender.file.MaxFileSize=10MB
log4j.appender.file.MaxBackupIndex=3
log4j.appender.file.layout=org.apache.log4j.PatternLayout
log4j.appender.file.layout.ConversionPattern=%d %m%n
log4j.appender.con=org.apache.log4j.ConsoleAppender
log4j.appender.con.target=System.err
log4j.appender.con.threshold=WARN
`;
const LOG4J_2 = `
monitorInterval=30
property.name = x
rootLogger.level = INFO
rootLogger.appenderRef.file.ref = MainAppender
logger.a.name = org.a
logger.a.level = ERROR
logger.a.additivity = false
logger.a.appenderRef.f.ref = MainAppender
logger.a.appenderRef.c.ref = con
logger.b.name = org.b
logger.b.level = FATAL
appender.main.name = MainAppender
appender.main.type = RollingFile
appender.main.append = false
appender.main.fileName = \${sys:log.file}
appender.main.filePattern = \${sys:log.file}.%i
appender.main.layout.type = PatternLayout
appender.main.layout.pattern = %d %m%n
appender.main.policies.type = Policies
appender.main.policies.size.type = SizeBasedTriggeringPolicy
appender.main.policies.size.size = 10MB
appender.main.policies.startup.type = OnStartupTriggeringPolicy
appender.main.strategy.type = DefaultRolloverStrategy
appender.main.strategy.max = \${env:COUNT:-3}
appender.con.name = con
appender.con.type = Console
appender.con.target = SYSTEM_ERR
appender.con.filter.threshold.type = ThresholdFilter
appender.con.filter.threshold.level = WARN
`;
const LOGBACK = `
<configuration>
  <property name="pattern" value="%d %m%n"/>
  <appender name="FILE" class="ch.qos.logback.core.rolling.RollingFileAppender">
    <file>\${log.file}</file>
    <append>false</append>
    <rollingPolicy class="ch.qos.logback.core.rolling.FixedWindowRollingPolicy"><maxIndex>3</maxIndex></rollingPolicy>
    <triggeringPolicy class="ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy"><maxFileSize>10MB</maxFileSize></triggeringPolicy>
    <encoder><pattern>\${pattern}</pattern></encoder>
  </appender>
  <appender name="con" class="ch.qos.logback.core.ConsoleAppender">
    <target>System.err</target>
    <filter class="ch.qos.logback.classic.filter.ThresholdFilter"><level>WARN</level></filter>
  </appender>
  <root level="INFO"><appender-ref ref="FILE"/></root>
  <logger name="org.a" level="ERROR" additivity="false"><appender-ref ref="FILE"/><appender-ref ref="con"/></logger>
  <logger name="org.b" level="FATAL"/>
</configuration>
`;

describe('logging files', () => {
  const expected = (file: string): object => ({
    rootLevel: 'info',
    rootAppenders: [file],
    loggers: [
      { name: 'org.a', level: 'error', appenders: [file, 'con'], additive: false },
      { name: 'org.b', level: 'error', appenders: [], additive: true },
    ],
    appenders: [
      { kind: 'file', name: file, file: '/log/jm.log', append: false, pattern: '%d %m%n', maxSizeBytes: 10_485_760, maxFiles: 3 },
      { kind: 'console', name: 'con', stream: 'stderr', level: 'warn' },
    ],
  });

  it('of log4j 1, log4j 2 and logback say the same', async () => {
    for (const [name, text, file] of [
      ['a.properties', LOG4J_1, 'file'],
      ['a.properties', LOG4J_2, 'MainAppender'],
      ['a.xml', LOGBACK, 'FILE'],
    ] as const) {
      const { logging, warnings } = await parseLogging(text, name, options);
      expect(warnings, text).to.deep.equal([]);
      expect(logging, text).to.deep.equal(expected(file));
    }
  });

  it('may put the root logger of log4j 2 in one line', async () => {
    const text = 'rootLogger = DEBUG, out\nappender.out.name = out\nappender.out.type = Console\n';
    expect((await parseLogging(text, 'x.properties')).logging).to.deep.include({ rootLevel: 'debug', rootAppenders: ['out'] });
  });

  it('take counts from the environment', async () => {
    const { logging } = await parseLogging(LOG4J_2.replace('COUNT', 'MAX'), 'x.properties', options);
    expect(logging.appenders[0]).to.include({ maxFiles: 7 });
  });

  it('warn of what is not supported, and of appenders nobody declared', async () => {
    const text = [
      'log4j.rootLogger=LOUD, socket, missing, null',
      'log4j.appender.socket=org.apache.log4j.net.SocketAppender',
      'log4j.appender.null=org.apache.log4j.varia.NullAppender',
    ].join('\n');
    const { logging, warnings } = await parseLogging(text, 'x.properties');
    expect(logging).to.deep.equal({ rootLevel: 'info', rootAppenders: [], loggers: [], appenders: [] });
    expect(warnings.map(({ message }) => message)).to.deep.equal([
      'x.properties: appender "socket" is left out: its kind "org.apache.log4j.net.SocketAppender" is not supported',
      'x.properties: appender "missing" is not declared',
      'x.properties: "LOUD" of the root logger is not a level',
    ]);
  });

  it('leave out a file appender whose file is not known', async () => {
    const { logging, warnings } = await parseLogging(LOG4J_1, 'x.properties', { environment: {} });
    expect(logging.rootAppenders).to.deep.equal([]);
    expect(warnings[0]?.message).to.contain('"${log.file}" is not known in this process');
  });

  it('fail when the XML is malformed', async () => {
    expect((await failureOf(() => parseLogging('<configuration>', 'logback.xml'))).message).to.contain('logback.xml');
  });
});

describe('finding the logging file', () => {
  const console1 = 'log4j.rootLogger=DEBUG, c\nlog4j.appender.c=org.apache.log4j.ConsoleAppender';
  const daemon = 'log4j.rootLogger=WARN, c\nlog4j.appender.c=org.apache.log4j.ConsoleAppender';

  it('depends on what the process is', async () => {
    await withFiles({ 'log4j.properties': daemon, 'log4j-console.properties': console1, 'logback.xml': LOGBACK }, async (directory) => {
      const levels = [];
      for (const purpose of ['daemon', 'console', 'client', 'yarn-session'] as const) {
        levels.push((await loadLogging(directory, purpose)).logging.rootLevel);
      }
      expect(levels).to.deep.equal(['warn', 'debug', 'warn', 'warn']);
    });
  });

  it('takes logback where there is no log4j, and the terminal where there is nothing', async () => {
    await withFiles({ 'logback.xml': LOGBACK }, async (directory) => {
      expect((await loadLogging(directory, 'daemon', options)).file).to.equal(join(directory, 'logback.xml'));
      expect((await loadLogging(join(directory, 'none'), 'daemon')).logging).to.equal(DEFAULT_LOGGING);
      expect((await loadLogging(undefined, 'client')).logging).to.equal(DEFAULT_LOGGING);
    });
  });
});
