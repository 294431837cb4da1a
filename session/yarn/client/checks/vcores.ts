import { type Configuration, yarnAppmasterVcores, yarnContainersVcores } from '#conf';
import { ClusterRequestError } from './errors.js';

/** Virtual cores of a TaskManager's container: as configured, else one for each slot. */
export function taskManagerVcores(configuration: Configuration, slots: number): number {
  return configuration.get(yarnContainersVcores) ?? slots;
}

/** @param available of the largest node. Throws `ClusterRequestError`. */
export function checkVcores(configuration: Configuration, slots: number, available: number): void {
  const wanted = taskManagerVcores(configuration, slots);
  if (wanted > available) throw tooMany(wanted, available, yarnContainersVcores.key);
  const master = configuration.get(yarnAppmasterVcores);
  if (master > available) throw tooMany(master, available, yarnAppmasterVcores.key);
}

function tooMany(wanted: number, available: number, key: string): ClusterRequestError {
  return new ClusterRequestError(
    `The number of virtual cores per node were configured with ${wanted} but Yarn only has ${available} virtual cores available. ` +
      'Please note that the number of virtual cores is set to the number of task slots by default unless configured ' +
      `in the Flink config with '${key}.'`,
    `Lower "${key}" or the number of slots.`,
  );
}
