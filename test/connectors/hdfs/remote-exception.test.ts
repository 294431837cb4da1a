import { expect } from 'chai';
import { HdfsFullError, HdfsRemoteError, HdfsSafeModeError } from '#connectors';
import { remoteError } from '../../../connectors/hdfs/remote-exception.js';

describe('connectors/hdfs/remote-exception', () => {
  const said = (operation: string, message: string) =>
    remoteError(operation, 'hdfs://ns1/f', { exception: 'IOException', javaClassName: 'java.io.IOException', message });

  it('knows by its words that no DataNode has room', () => {
    const words =
      'File /f could only be written to 0 of the 1 minReplication nodes. ' +
      'There are 1 datanode(s) running and 0 node(s) are excluded in this operation.';
    const full = said('write', `${words}\n\tat org.apache.hadoop.hdfs.server`);
    expect(full).to.be.instanceOf(HdfsFullError);
    expect(full.message).to.equal(`could not write "hdfs://ns1/f": no DataNode takes a block: ${words}`);
    const first = said('write', 'Failed to find datanode, suggest to check cluster health. excludeDatanodes=null');
    expect(first).to.be.instanceOf(HdfsFullError);
    expect(said('read', 'Failed to find datanode, suggest to check cluster health.')).to.be.instanceOf(HdfsRemoteError);
  });

  it('knows safe mode from within other exceptions', () => {
    const words = 'org.apache.hadoop.hdfs.server.namenode.SafeModeException: Cannot create file/f. Name node is in safe mode.';
    expect(said('write', words)).to.be.instanceOf(HdfsSafeModeError);
  });
});
