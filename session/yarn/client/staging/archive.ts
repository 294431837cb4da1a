import type { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { create, Header } from 'tar';

/** A file of this machine, and its name in an archive. */
export interface ArchiveEntry {
  /** Absolute. */
  readonly source: string;
  readonly name: string;
}

/** A gzipped tar file of `entries`, as a stream. Times are left out, so that the same content gives the same bytes. */
export function archiveOf(entries: readonly ArchiveEntry[]): Readable {
  const names = new Map(entries.map(({ source, name }) => [source.replace(/^\/+/, ''), name]));
  const sources = [...names.keys()];
  // YARN unpacks it once for each node: little compression packs faster, and the network is not what is short.
  return create(
    {
      gzip: { level: 1 },
      cwd: '/',
      portable: true,
      noMtime: true,
      noDirRecurse: true,
      follow: true,
      linkCache: new NoLinks(),
      onWriteEntry: (entry) => {
        entry.path = names.get(entry.path) ?? entry.path;
      },
    },
    sources,
  ) as unknown as Readable;
}

const BLOCK_BYTES = 512;

/** A gzipped tar file of short texts. */
export function textArchive(files: readonly { readonly name: string; readonly text: string }[]): Uint8Array {
  const blocks = files.flatMap(({ name, text }) => {
    const content = Buffer.from(text);
    const header = new Header({ path: name, size: content.length, mode: 0o644, type: 'File' });
    const block = Buffer.alloc(BLOCK_BYTES);
    header.encode(block, 0);
    return [block, content, Buffer.alloc((BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK_BYTES)]));
}

/** Links name files by where they are on this machine: what is linked goes in as often as it has names. */
class NoLinks extends Map<`${number}:${number}`, string> {
  override get(): undefined {
    return undefined;
  }
}
