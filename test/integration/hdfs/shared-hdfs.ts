import { Testbed } from '../../testbed/testbed.js';

let started: Promise<Testbed> | undefined;

after(async () => {
  if (started !== undefined) await (await started).stop();
});

/**
 * An HDFS of two NameNodes and two DataNodes, for all tests of this folder. Who stops a daemon of it starts that again; which NameNode is
 * active is anybody's guess.
 */
export function sharedHdfs(): Promise<Testbed> {
  return (started ??= Testbed.start({ hdfs: { dataNodes: 2, nameNodes: 2 } }));
}

/** How long a first start may take, with the download of Hadoop. */
export const START_MS = 300_000;

/** Base address of the web interface of the NameNode that is active. */
export async function activeNameNodePage(testbed: Testbed): Promise<string> {
  return testbed.nameNodePage((await testbed.nameNodeState(1)) === 'active' ? 1 : 2);
}

/** Fails over to the NameNode that is not active. */
export async function failOver(testbed: Testbed): Promise<void> {
  await testbed.makeActive((await testbed.nameNodeState(1)) === 'active' ? 2 : 1);
}
