import { expect } from 'chai';
import fc from 'fast-check';
import { type ContainerId, formatContainerId, parseContainerId } from '../../../../session/yarn/rpc/container-id.js';
import { containerIdMessage, containerIdOf } from '../../../../session/yarn/rpc/yarn-nouns.js';
import { stopContainers } from '../../../../session/yarn/rpc/yarn-messages.js';

const ids: fc.Arbitrary<ContainerId> = fc.record({
  application: fc.record({ clusterTimestamp: fc.bigInt({ min: 0n, max: 2n ** 62n }), number: fc.nat() }),
  attempt: fc.nat(),
  id: fc.bigInt({ min: 0n, max: 2n ** 62n }),
});

describe('ContainerId', () => {
  it('looks as in Hadoop, before and after restarts of the ResourceManager', () => {
    const id = { application: { clusterTimestamp: 1410901177871n, number: 1 }, attempt: 1, id: 5n };
    expect(formatContainerId(id)).to.equal('container_1410901177871_0001_01_000005');
    expect(formatContainerId({ ...id, id: (17n << 40n) | 5n })).to.equal('container_e17_1410901177871_0001_01_000005');
  });

  it('is read as it is written', () => {
    fc.assert(
      fc.property(ids, (id) => {
        expect(parseContainerId(formatContainerId(id))).to.deep.equal(id);
      }),
    );
    expect(parseContainerId('application_1_0001')).to.equal(undefined);
  });

  it('keeps all its 64 bits on the wire', () => {
    fc.assert(
      fc.property(ids, (id) => {
        const sent = stopContainers.request.encode({ container_id: [containerIdMessage(id)] });
        expect(stopContainers.request.decode(sent).container_id.map(containerIdOf)).to.deep.equal([id]);
      }),
    );
  });
});
