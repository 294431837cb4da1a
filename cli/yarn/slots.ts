import { type Configuration, parallelismDefault, taskManagerNumberOfTaskSlots } from '#conf';
import type { ActionContext } from '../action.js';
import { taskManagerCount } from './cluster-options.js';

/** Slots for the parallelism that was asked for, and without one, the parallelism that the slots allow. */
export function withSlots({ arguments: parsed, configuration, terminal }: ActionContext): Configuration {
  const count = taskManagerCount(parsed, 'prefixed');
  if (count === undefined || count < 1) return configuration;
  const slots = configuration.get(taskManagerNumberOfTaskSlots);
  const most = count * slots;
  const asked = parsed.value('parallelism');
  if (asked === undefined) return configuration.isSet(parallelismDefault) ? configuration : withParallelism(configuration, most);
  if (Number(asked) <= most) return configuration;
  const raised = Math.ceil(Number(asked) / count);
  terminal.print(
    `The YARN cluster has ${most} slots available, but the user requested a parallelism of ${asked} on YARN. ` +
      `Each of the ${count} TaskManagers will get ${raised} slots.`,
  );
  return configuration.with({ [taskManagerNumberOfTaskSlots.key]: String(raised) }, { layer: 'command-line', flag: '-p' });
}

function withParallelism(configuration: Configuration, parallelism: number): Configuration {
  return configuration.with({ [parallelismDefault.key]: String(parallelism) }, { layer: 'command-line', flag: '-yn' });
}
