import { runDaemon } from './daemon.js';
import { startStandaloneTaskManager } from './standalone-task-manager.js';

/* The process of a TaskManager. */
await runDaemon('taskmanager', startStandaloneTaskManager);
