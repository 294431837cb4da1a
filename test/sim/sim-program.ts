import { newJobId } from '#core';
import { graphOfMain, type Main } from '../../runtime/harness/job/graph-of-main.js';
import type { JobGraph, ProgramReference } from '../../runtime/plan/job-graph.js';
import { toJobGraph } from '../../runtime/plan/to-job-graph.js';
import { programReference } from '../support/program-reference.js';

/** The job graph of a program of one job, as a client makes it. */
export async function graphOf(main: Main, fields: Partial<ProgramReference>): Promise<JobGraph> {
  const program = programReference(fields);
  return toJobGraph(await graphOfMain(main, program), newJobId(), program);
}
