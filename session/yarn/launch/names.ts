/*
 * Names that the client, the ApplicationMaster and the TaskManagers of a YARN application agree on.
 */

/** The package: an archive, unpacked to a directory with `dist`, `node_modules` and `package.json`. */
export const RUNTIME_RESOURCE = 'flink-ts';

/** The Node binary, unless the nodes have one. */
export const NODE_RESOURCE = 'node';

/** The effective configuration of the client. */
export const CONFIGURATION_RESOURCE = 'flink-conf.yaml';

/** Hadoop's files as the client saw them: an archive, unpacked to a directory. */
export const HADOOP_RESOURCE = 'hadoop-conf';

/** In the staging directory: where the leading ApplicationMaster is. */
export const LEADER_FILE = 'leader.json';

/** A program whose `main` the ApplicationMaster runs, with its arguments. */
export const PROGRAM_RESOURCE = 'flink-program.json';

/** What ships with the application must not be called so. */
export const RESERVED_NAMES: readonly string[] = [
  RUNTIME_RESOURCE,
  NODE_RESOURCE,
  CONFIGURATION_RESOURCE,
  HADOOP_RESOURCE,
  PROGRAM_RESOURCE,
];
