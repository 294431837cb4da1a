import { runDaemon } from '../../standalone/daemon.js';
import { containerSurroundings } from '../launch/container-surroundings.js';
import { startYarnTaskManager } from './yarn-task-manager.js';

/* The process of a TaskManager, in a container of YARN. */
await runDaemon('taskmanager', startYarnTaskManager, containerSurroundings('taskmanager', process.env, process.cwd()));
