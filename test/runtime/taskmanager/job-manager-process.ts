import { fileSystems, silentLogger, systemClock, systemRandom } from '#core';
import { Configuration } from '#conf';
import { BlobStore } from '../../../runtime/blob/blob-store.js';
import { ControlServer } from '../../../runtime/control/control-server.js';
import { JobManager } from '../../../runtime/jobmanager/job-manager.js';
import { jobManagerSettings } from '../../../runtime/jobmanager/job-manager-settings.js';
import { standaloneDriver } from '../../../runtime/jobmanager/resource-manager-driver.js';
import { sampleGraph } from '../../support/sample-graph.js';

/** A JobManager as a process: tells its port, then how the one job ended that it gives to its TaskManagers. Stops when told anything. */
const [directory = '', port = '0', scratch = ''] = process.argv.slice(2);
const blobs = await BlobStore.open({ directory, cleanupIntervalMs: 1000, clock: systemClock, logger: silentLogger });
const jobManager = await JobManager.start({
  settings: jobManagerSettings(Configuration.empty),
  clock: systemClock,
  logger: silentLogger,
  files: fileSystems,
  blobs,
  driver: standaloneDriver,
  configuration: Configuration.empty,
  random: systemRandom,
});
const server = await ControlServer.listen(
  { host: '127.0.0.1', ports: [Number(port)], key: 'jobmanager.rpc.port' },
  {
    identity: { clusterId: 'c', secret: 'secret' },
    clock: systemClock,
    logger: silentLogger,
    connectTimeoutMs: 5000,
    maxMessageBytes: 1 << 20,
  },
  (connection) => {
    jobManager.accept(connection);
  },
);
process.send!(String(server.port));

process.on('message', () => {
  void jobManager
    .shutDown({ stopWorkers: false })
    .then(() => server.close())
    .then(() => {
      process.disconnect();
    });
});

const bundle = await jobManager.putBlob(Buffer.alloc(3 << 19, ' '));
const graph = sampleGraph(bundle, [{ parallelism: 1 }], { scratch: scratch === '' ? [] : [scratch] });
await jobManager.submitJob(graph);
const { state, failure } = await jobManager.jobResult(graph.jobId);
process.send!(failure ? `${state}: ${failure.message}` : state);
