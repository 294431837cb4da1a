import type { Configuration } from '#conf';
import type { JobGraph } from '../plan/job-graph.js';

/** What holds for a job: the cluster's configuration, over it that of the job's client, over that what the program set itself. */
export function jobConfiguration(cluster: Configuration, { program, settings }: Pick<JobGraph, 'program' | 'settings'>): Configuration {
  return cluster.with(program.configuration, { layer: 'submission' }).with(settings.configuration);
}
