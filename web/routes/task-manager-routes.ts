import type { TaskManagerStatus } from '#runtime';
import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { EntityNotFoundError } from '../errors.js';
import { readLogFile } from '../log-files.js';
import type { RestContext } from '../rest-context.js';
import { taskManagerParams } from '../schemas.js';
import { taskManagerDetailsView, taskManagerView } from '../views/task-manager-view.js';

interface TaskManagerRequest {
  Params: Static<typeof taskManagerParams>;
}

/** TaskManagers: a list, one of them, its log where this machine holds it. */
export function taskManagerRoutes(app: FastifyInstance, { gateway }: RestContext): void {
  const schema = { params: taskManagerParams };
  const find = (id: string): TaskManagerStatus => {
    const found = gateway.taskManagers().find(({ taskManagerId }) => taskManagerId === id);
    if (!found) throw new EntityNotFoundError('TaskManager', id);
    return found;
  };
  app.get('/taskmanagers', () => ({ taskmanagers: gateway.taskManagers().map(taskManagerView) }));
  app.get<TaskManagerRequest>('/taskmanagers/:taskmanagerid', { schema }, ({ params }) =>
    taskManagerDetailsView(find(params.taskmanagerid), gateway.listJobs()),
  );
  app.get<TaskManagerRequest>('/taskmanagers/:taskmanagerid/log', { schema }, async ({ params }, reply) =>
    reply.type('text/plain').send(await readLogFile(find(params.taskmanagerid).logPath, `log of TaskManager "${params.taskmanagerid}"`)),
  );
  app.get<TaskManagerRequest>('/taskmanagers/:taskmanagerid/stdout', { schema }, async ({ params }, reply) => {
    const out = find(params.taskmanagerid).logPath?.replace(/\.log$/, '.out');
    return reply.type('text/plain').send(await readLogFile(out, `output of TaskManager "${params.taskmanagerid}"`));
  });
}
