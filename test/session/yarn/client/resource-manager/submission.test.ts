import { expect } from 'chai';
import { type Submission, submissionJson } from '../../../../../session/yarn/client/resource-manager/submission.js';

const SUBMISSION: Submission = {
  applicationId: 'application_1_0001',
  name: 'demo',
  type: 'Apache Flink',
  queue: undefined,
  priority: undefined,
  tags: [],
  maxAttempts: undefined,
  attemptFailuresValidityMs: undefined,
  keepContainers: false,
  nodeLabel: undefined,
  memoryMb: 1024,
  vcores: 1,
  command: 'node x',
  environment: { A: 'b' },
  localResources: [{ name: 'n', uri: 'hdfs://h/n', type: 'FILE', visibility: 'PRIVATE', size: 1, timestamp: 2 }],
  secrets: { s: 'AAAA' },
};

describe('session/yarn/client/resource-manager/submission', () => {
  it('says nothing of what is left to YARN', () => {
    expect(submissionJson(SUBMISSION)).to.deep.equal({
      'application-id': 'application_1_0001',
      'application-name': 'demo',
      'application-type': 'Apache Flink',
      'keep-containers-across-application-attempts': false,
      'unmanaged-AM': false,
      resource: { memory: 1024, vCores: 1 },
      'am-container-spec': {
        'local-resources': {
          entry: [{ key: 'n', value: { resource: 'hdfs://h/n', type: 'FILE', visibility: 'PRIVATE', size: 1, timestamp: 2 } }],
        },
        commands: { command: 'node x' },
        environment: { entry: [{ key: 'A', value: 'b' }] },
        credentials: { secrets: { entry: [{ key: 's', value: 'AAAA' }] } },
      },
    });
  });

  it('says what is asked for; tags are an object', () => {
    const asked = { queue: 'etl', priority: 3, tags: ['a', 'b'], maxAttempts: 2, attemptFailuresValidityMs: 10_000, nodeLabel: 'gpu' };
    expect(submissionJson({ ...SUBMISSION, ...asked })).to.deep.include({
      queue: 'etl',
      priority: 3,
      'application-tags': { tag: ['a', 'b'] },
      'max-app-attempts': 2,
      'attempt-failures-validity-interval': 10_000,
      'app-node-label-expression': 'gpu',
    });
  });
});
