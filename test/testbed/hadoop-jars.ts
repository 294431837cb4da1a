import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { requireTools, TOOLS } from './tools.js';

/** The release of Hadoop that the testbed runs. */
export const HADOOP_VERSION = '3.4.3';

/** The ResourceManager needs the timeline service's jar although it does not depend on it. */
const ARTIFACTS = [
  'hadoop-common',
  'hadoop-hdfs',
  'hadoop-hdfs-client',
  'hadoop-yarn-server-resourcemanager',
  'hadoop-yarn-server-nodemanager',
  'hadoop-yarn-server-timelineservice',
];

/**
 * The directory with Hadoop's jars and all they need, downloaded by Maven into the user's cache the first time (about 90 MB). Testbeds that
 * start side by side may download twice; one of the downloads is kept.
 */
export function hadoopJars(say: (line: string) => void, cache: string = cacheFolder()): string {
  const home = join(cache, `hadoop-${HADOOP_VERSION}`);
  const lib = join(home, 'lib');
  requireTools(existsSync(lib) ? TOOLS.slice(0, 1) : TOOLS, say);
  if (existsSync(lib)) return lib;
  say(`downloading Hadoop ${HADOOP_VERSION} from Maven Central into ${home}`);
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'download-'));
  try {
    download(unfinished);
    if (!existsSync(lib)) renameSync(unfinished, home);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return lib;
}

/** Maven's own repository of downloaded files is the user's; the jars are copied from there. */
function download(into: string): void {
  writeFileSync(join(into, 'pom.xml'), pom());
  const args = ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=lib'];
  execFileSync('mvn', args, { cwd: into, stdio: ['ignore', 'pipe', 'inherit'], timeout: 10 * 60_000 });
}

function pom(): string {
  const dependency = (artifact: string): string => {
    const coordinates = `<groupId>org.apache.hadoop</groupId><artifactId>${artifact}</artifactId><version>${HADOOP_VERSION}</version>`;
    return `    <dependency>${coordinates}</dependency>`;
  };
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0">',
    '  <modelVersion>4.0.0</modelVersion>',
    '  <groupId>flink-ts</groupId>',
    '  <artifactId>testbed</artifactId>',
    '  <version>1</version>',
    '  <packaging>pom</packaging>',
    '  <dependencies>',
    ...ARTIFACTS.map(dependency),
    '  </dependencies>',
    '</project>',
    '',
  ].join('\n');
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'flink-ts');
}
