import type { Readable } from 'node:stream';
import { create } from 'tar';

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
      onWriteEntry: (entry) => {
        entry.path = names.get(entry.path) ?? entry.path;
      },
    },
    sources,
  ) as unknown as Readable;
}
