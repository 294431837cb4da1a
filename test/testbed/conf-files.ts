import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES = ['core-site.xml', 'hdfs-site.xml', 'yarn-site.xml', 'capacity-scheduler.xml'] as const;

const LOG4J = `log4j.rootLogger=INFO,console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d{ISO8601} %p %c{1}: %m%n
log4j.logger.org.apache.hadoop.hdfs.StateChange=WARN
`;

/** Writes the configuration directory of daemons and clients. */
export function writeConfFiles(directory: string, conf: Readonly<Record<string, string>>): void {
  mkdirSync(directory, { recursive: true });
  for (const file of FILES) {
    const entries = Object.entries(conf).filter(([key]) => fileOf(key) === file);
    writeFileSync(join(directory, file), toXml(entries));
  }
  writeFileSync(join(directory, 'log4j.properties'), LOG4J);
  // The published jars have no pages, yet the daemons insist on finding where they would be.
  for (const webapp of ['hdfs', 'datanode']) {
    const folder = join(directory, 'webapps', webapp, 'WEB-INF');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'web.xml'), '<web-app/>\n');
  }
}

function fileOf(key: string): (typeof FILES)[number] {
  if (key.startsWith('yarn.scheduler.capacity.')) return 'capacity-scheduler.xml';
  if (key.startsWith('yarn.')) return 'yarn-site.xml';
  return key.startsWith('dfs.') ? 'hdfs-site.xml' : 'core-site.xml';
}

function toXml(entries: readonly (readonly [string, string])[]): string {
  const properties = entries.map(([key, value]) => `  <property><name>${escaped(key)}</name><value>${escaped(value)}</value></property>`);
  return ['<?xml version="1.0"?>', '<configuration>', ...properties, '</configuration>', ''].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
