import type { HadoopConfiguration } from '#conf';

/** The files that containers find in the directory that HADOOP_CONF_DIR names. */
export const HADOOP_FILES = ['core-site.xml', 'hdfs-site.xml', 'yarn-site.xml'] as const;
type HadoopFile = (typeof HADOOP_FILES)[number];

/** Hadoop's settings as this client sees them, as files for containers. They are final: nothing on a node changes them. */
export function hadoopFiles(hadoop: HadoopConfiguration): ReadonlyMap<HadoopFile, string> {
  const names = [...hadoop.names()].sort();
  return new Map(
    HADOOP_FILES.map((file) => {
      const properties = names.filter((name) => fileFor(name) === file).map((name) => propertyXml(name, hadoop.get(name) ?? ''));
      return [file, `<?xml version="1.0" encoding="UTF-8"?>\n<configuration>\n${properties.join('')}</configuration>\n`];
    }),
  );
}

function fileFor(name: string): HadoopFile {
  if (name.startsWith('dfs.')) return 'hdfs-site.xml';
  return name.startsWith('yarn.') ? 'yarn-site.xml' : 'core-site.xml';
}

function propertyXml(name: string, value: string): string {
  return `  <property><name>${escaped(name)}</name><value>${escaped(value)}</value><final>true</final></property>\n`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
