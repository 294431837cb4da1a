import { runDaemon } from '../../standalone/daemon.js';
import { containerSurroundings } from '../launch/container-surroundings.js';
import { startApplicationMaster } from './application-master.js';

/* The process of an ApplicationMaster, in a container of YARN. */
await runDaemon('jobmanager', startApplicationMaster, containerSurroundings('jobmanager', process.env, process.cwd()));
