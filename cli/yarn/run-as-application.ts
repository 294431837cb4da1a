import { basename } from 'node:path';
import { deployCluster } from '#session';
import type { ActionContext } from '../action.js';
import { programArguments } from '../arguments/program-arguments.js';
import { compileProgram } from '../run-program.js';
import { deploymentRequest } from './session-request.js';
import { withSlots } from './slots.js';

/** Starts a cluster on YARN that runs `main` of a program by itself, and ends with it. Returns when it runs. */
export async function runAsApplication(context: ActionContext): Promise<number> {
  const { arguments: parsed, terminal } = context;
  const { file, args, entry } = programArguments(parsed);
  const program = await compileProgram(context);
  const request = await deploymentRequest(
    { ...context, configuration: withSlots(context) },
    {
      mode: 'application',
      detached: true,
      defaultName: `Flink Application: ${entry ?? basename(file)}`,
      spelling: 'prefixed',
      program: { program, args, ...(entry === undefined ? {} : { entry }) },
    },
  );
  const { applicationId, webInterface } = await deployCluster(request);
  terminal.print(`JobManager web interface address ${webInterface}`);
  terminal.print(`Submitted application ${applicationId}; follow it with "yarn application -status ${applicationId}"`);
  return 0;
}
