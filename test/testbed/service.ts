import type { DaemonPlan } from './daemon.js';
import type { Ports } from './ports.js';

/** What a testbed is to consist of. */
export interface TestbedOptions {
  readonly hdfs?: HdfsOptions;
  /** Needs HDFS, which is added with its defaults when it is not named. */
  readonly yarn?: YarnOptions;
  /** Hadoop settings over the testbed's own, by key; each goes into the file that its kind of key belongs to. */
  readonly conf?: Readonly<Record<string, string>>;
  /** Where everything is kept; else a new directory, which is removed with the testbed. */
  readonly home?: string;
}

export interface HdfsOptions {
  /** 1 when not given. */
  readonly dataNodes?: number;
  /** 2: a name service "ns1" of an active and a standby NameNode, which share their edits; fail-over is by hand. 1 when not given. */
  readonly nameNodes?: 1 | 2;
}

export interface YarnOptions {
  /** 1 when not given. */
  readonly nodeManagers?: number;
  /** Check the memory of containers as Hadoop 2 did: resident memory against what was asked for, virtual memory against 2.1 times that. */
  readonly classicMemoryChecks?: boolean;
}

/** Where a service's plan is made. */
export interface PlanContext {
  readonly home: string;
  readonly ports: Ports;
  /** Directory of Hadoop's jars. */
  readonly jars: string;
}

/** The part of a testbed that one service is. Plain data, kept in the testbed's directory. */
export interface ServicePlan {
  readonly name: string;
  /** Stopped in reverse order, those of one name before the number at once. */
  readonly daemons: readonly DaemonPlan[];
  /** Hadoop settings, for daemons and clients. */
  readonly conf: Readonly<Record<string, string>>;
  /** What a client needs to know, as variables of a shell. */
  readonly exports: Readonly<Record<string, string>>;
}
