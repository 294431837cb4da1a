import { lookup } from 'node:dns/promises';

/** DataNodes that did not serve a file, so that the NameNode names others, as far as there are any. */
export class DataNodeExclusions {
  readonly #addresses = new Set<string>();

  /** The NameNode knows its DataNodes by IP address. */
  async add(url: URL): Promise<void> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    this.#addresses.add(
      await lookup(host).then(
        ({ address }) => address,
        () => host,
      ),
    );
  }

  get parameters(): Readonly<Record<string, string>> {
    return this.#addresses.size === 0 ? {} : { excludedatanodes: [...this.#addresses].join(',') };
  }
}
