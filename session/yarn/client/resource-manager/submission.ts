import type { KeyValues } from '#conf';
import type { LocalResource } from '../../launch/local-resource.js';

/** An application as the client submits it. */
export interface Submission {
  readonly applicationId: string;
  readonly name: string;
  readonly type: string;
  readonly queue: string | undefined;
  /** Undefined: what the queue has by default. */
  readonly priority: number | undefined;
  readonly tags: readonly string[];
  /** Undefined: as many attempts as the ResourceManager allows. */
  readonly maxAttempts: number | undefined;
  /** How long a failed attempt counts; undefined: for ever. */
  readonly attemptFailuresValidityMs: number | undefined;
  readonly keepContainers: boolean;
  readonly nodeLabel: string | undefined;
  readonly memoryMb: number;
  readonly vcores: number;
  readonly command: string;
  readonly environment: KeyValues;
  readonly localResources: readonly LocalResource[];
  /** What containers are given and nobody else sees; base64. */
  readonly secrets: KeyValues;
}

/** The body of `POST /ws/v1/cluster/apps`. A tag list is an object: a plain text is silently ignored. */
export function submissionJson(submission: Submission): unknown {
  const { tags, priority, maxAttempts, attemptFailuresValidityMs, nodeLabel, queue } = submission;
  return {
    'application-id': submission.applicationId,
    'application-name': submission.name,
    'application-type': submission.type,
    ...(queue === undefined ? {} : { queue }),
    ...(priority === undefined ? {} : { priority }),
    ...(tags.length === 0 ? {} : { 'application-tags': { tag: tags } }),
    ...(maxAttempts === undefined ? {} : { 'max-app-attempts': maxAttempts }),
    ...(attemptFailuresValidityMs === undefined ? {} : { 'attempt-failures-validity-interval': attemptFailuresValidityMs }),
    ...(nodeLabel === undefined ? {} : { 'app-node-label-expression': nodeLabel }),
    'keep-containers-across-application-attempts': submission.keepContainers,
    'unmanaged-AM': false,
    resource: { memory: submission.memoryMb, vCores: submission.vcores },
    'am-container-spec': {
      'local-resources': { entry: submission.localResources.map(resourceEntry) },
      commands: { command: submission.command },
      environment: { entry: entriesOf(submission.environment) },
      credentials: { secrets: { entry: entriesOf(submission.secrets) } },
    },
  };
}

function entriesOf(values: KeyValues): unknown {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

function resourceEntry({ name, uri, type, visibility, size, timestamp }: LocalResource): unknown {
  return { key: name, value: { resource: uri, type, visibility, size, timestamp } };
}
