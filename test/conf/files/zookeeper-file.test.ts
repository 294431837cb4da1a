import { expect } from 'chai';
import { parseZooKeeperFile, readZooKeeperFile } from '#conf';
import { failureOf } from '../temporary-directory.js';

describe('zoo.cfg', () => {
  it('lists the servers of the quorum by id', () => {
    const quorum = parseZooKeeperFile(
      'clientPort=2182\ndataDir=/zk\nserver.2=b:2888:3888\nserver.1=a:1:2:participant;3000\nserver.3=c',
      'zoo.cfg',
    );
    expect(quorum).to.include({ clientPort: 2182, dataDir: '/zk' });
    expect(quorum.servers).to.deep.equal([
      { id: 1, host: 'a', peerPort: 1, electionPort: 2, clientPort: 3000 },
      { id: 2, host: 'b', peerPort: 2888, electionPort: 3888, clientPort: 2182 },
      { id: 3, host: 'c', peerPort: 2888, electionPort: 3888, clientPort: 2182 },
    ]);
  });

  it('has the usual port, and keeps what it does not know', () => {
    const quorum = parseZooKeeperFile('tickTime=2000', 'zoo.cfg');
    expect(quorum.clientPort).to.equal(2181);
    expect(quorum.properties.get('tickTime')).to.equal('2000');
  });

  it('is refused when a server cannot be read, or when it is missing', async () => {
    for (const line of ['server.x=a:1:2', 'server.1=', 'clientPort=x']) {
      expect((await failureOf(() => parseZooKeeperFile(line, '/conf/zoo.cfg'))).message).to.contain('/conf/zoo.cfg');
    }
    expect((await failureOf(() => readZooKeeperFile('/missing/zoo.cfg'))).message).to.contain('does not exist');
  });
});
