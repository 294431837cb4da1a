import type { FileSystem } from '#core';
import type { FileSystemUnderTest } from '../../support/file-system-contract.js';
import { Testbed } from '../../testbed/testbed.js';
import { emptyDirectory, hdfsOf } from './hdfs-under-test.js';

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

/** The shared HDFS and an empty directory in it, as the tests of one `describe` see them. */
export class HdfsOfTests implements FileSystemUnderTest {
  #testbed: Testbed | undefined;
  #current: FileSystemUnderTest | undefined;

  get testbed(): Testbed {
    return this.#testbed!;
  }

  get files(): FileSystem {
    return this.#current!.files;
  }

  /** A directory of its own for each test. */
  get root(): string {
    return this.#current!.root;
  }

  async start(): Promise<void> {
    this.#testbed = await sharedHdfs();
  }

  async next(): Promise<void> {
    this.#current = await emptyDirectory(hdfsOf(this.testbed));
  }
}

/** To be called in a `describe`. */
export function useSharedHdfs(): HdfsOfTests {
  const hdfs = new HdfsOfTests();
  before(async function () {
    this.timeout(START_MS);
    await hdfs.start();
  });
  beforeEach(() => hdfs.next());
  return hdfs;
}
