import { runDaemon } from './daemon.js';
import { startStandaloneJobManager } from './standalone-job-manager.js';

/* The process of a JobManager. */
await runDaemon('jobmanager', startStandaloneJobManager);
