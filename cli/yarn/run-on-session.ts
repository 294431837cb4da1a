import type { ActionContext } from '../action.js';
import { type ClusterChoice, findOnYarn } from '../cluster-choice.js';
import { runProgramOn } from '../run-program.js';
import { tellCluster } from './tell-cluster.js';

/** Runs a program on a session that runs on YARN. */
export async function runOnSession(context: ActionContext, choice: ClusterChoice & { readonly kind: 'yarn-session' }): Promise<number> {
  const { arguments: parsed, configuration } = context;
  const { address, webInterface } = await findOnYarn(context, choice);
  tellCluster(context, { applicationId: choice.applicationId, ...address, webInterface });
  const detached = parsed.flag('detached') || parsed.flag('yarndetached');
  return await runProgramOn(context, { destination: { kind: 'remote', target: address }, configuration, detached });
}
