import { type Configuration, portsOf, yarnApplicationMasterPort } from '#conf';
import { ControlServer, type JobManager, type TransportSettings } from '#runtime';
import { startWebServer, type WebServer } from '#web';
import type { DaemonContext } from '../../standalone/daemon.js';

/** The ports of an application master. They are free ones, unless `yarn.application-master.port` names some for TaskManagers. */
export interface MasterDoors {
  readonly control: ControlServer;
  readonly web: WebServer;
}

const ANY_PORT = [{ first: 0, last: 0 }];

/** Throws `PortUnavailableError`, `WebAddressError`. */
export async function openDoors(
  jobManager: JobManager,
  { configuration, logger, clock, logFile }: DaemonContext,
  transport: TransportSettings,
  onShutDown: () => void,
): Promise<MasterDoors> {
  const control = await openControl(configuration, transport, jobManager);
  try {
    const context = { gateway: jobManager, configuration, clock, logger: logger.named('web'), logPath: logFile, onShutDown };
    return { control, web: await startWebServer(context, { host: undefined, ports: ANY_PORT }) };
  } catch (error) {
    await control.close();
    throw error;
  }
}

function openControl(configuration: Configuration, transport: TransportSettings, jobManager: JobManager): Promise<ControlServer> {
  const ports = portsOf(configuration.get(yarnApplicationMasterPort));
  return ControlServer.listen({ host: undefined, ports, key: yarnApplicationMasterPort.key }, transport, (connection) => {
    jobManager.accept(connection);
  });
}
