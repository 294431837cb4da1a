import type { HadoopConfiguration } from '#conf';
import { hadoopAuthentication } from '#security';
import { ApplicationNotFoundError, ResourceManagerError } from '../errors.js';
import { resourceManagerAddresses } from './addresses.js';
import { ResourceManagerConnection } from './connection.js';
import { queuesOf, type SchedulerJson } from './queues.js';
import type { ApplicationReport, ApplicationState, ClusterMetrics, NewApplication, NodeReport, QueueReport } from './reports.js';
import { type Submission, submissionJson } from './submission.js';

/**
 * The ResourceManager of a YARN cluster, over REST.
 *
 * Throws: `ResourceManagerUnreachableError`, `ResourceManagerStandbyError` (external, retriable), `ResourceManagerError` with what it
 * refused, `ResourceManagerAnswerError` when something else answers.
 */
export class ResourceManagerClient {
  readonly #connection: ResourceManagerConnection;

  constructor(connection: ResourceManagerConnection) {
    this.#connection = connection;
  }

  /** The one that Hadoop's files name. */
  static of(hadoop: HadoopConfiguration): ResourceManagerClient {
    return new ResourceManagerClient(new ResourceManagerConnection(resourceManagerAddresses(hadoop), hadoopAuthentication(hadoop)));
  }

  /** As whom applications are submitted. */
  get userName(): string {
    return this.#connection.userName;
  }

  /** An id for a new application, and the largest container there can be. */
  async newApplication(): Promise<NewApplication> {
    return await this.#connection.json<NewApplication>({
      method: 'POST',
      path: '/apps/new-application',
      what: 'give an id to a new application',
    });
  }

  async submit(submission: Submission): Promise<void> {
    const what = `take application ${submission.applicationId}`;
    await this.#connection.send({ method: 'POST', path: '/apps', body: submissionJson(submission), what });
  }

  /** Throws `ApplicationNotFoundError`. */
  async report(applicationId: string): Promise<ApplicationReport> {
    const what = `report on application ${applicationId}`;
    const asked = this.#connection.json<{ app: ApplicationReport }>({ method: 'GET', path: `/apps/${applicationId}`, what });
    return (await this.#known(applicationId, asked)).app;
  }

  async state(applicationId: string): Promise<ApplicationState> {
    const what = `tell the state of application ${applicationId}`;
    const asked = this.#connection.json<{ state: ApplicationState }>({ method: 'GET', path: `/apps/${applicationId}/state`, what });
    return (await this.#known(applicationId, asked)).state;
  }

  /** Asks for the end of an application; it has ended when its state says so. */
  async kill(applicationId: string): Promise<void> {
    const what = `kill application ${applicationId}`;
    const asked = this.#connection.send({ method: 'PUT', path: `/apps/${applicationId}/state`, body: { state: 'KILLED' }, what });
    await this.#known(applicationId, asked);
  }

  async metrics(): Promise<ClusterMetrics> {
    const what = 'tell of the cluster';
    return (await this.#connection.json<{ clusterMetrics: ClusterMetrics }>({ method: 'GET', path: '/metrics', what })).clusterMetrics;
  }

  /** Nodes that take containers. */
  async runningNodes(): Promise<readonly NodeReport[]> {
    const what = 'list its nodes';
    const { nodes } = await this.#connection.json<{ nodes: { node?: readonly NodeReport[] } | null }>({
      method: 'GET',
      path: '/nodes?states=RUNNING',
      what,
    });
    return nodes?.node ?? [];
  }

  async queues(): Promise<readonly QueueReport[]> {
    return queuesOf(await this.#connection.json<SchedulerJson>({ method: 'GET', path: '/scheduler', what: 'list its queues' }));
  }

  async #known<T>(applicationId: string, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof ResourceManagerError && error.status === 404) throw new ApplicationNotFoundError(applicationId);
      throw error;
    }
  }
}
