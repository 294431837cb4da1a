import type { BlockLocation } from '#core';

/** What WebHDFS tells of where a block lies, in what of it is of use here. */
export interface RemoteBlockLocation {
  readonly offset: number;
  readonly length: number;
  /** Names of the machines. */
  readonly hosts: readonly string[];
  /** Address and port of each DataNode. */
  readonly names: readonly string[];
}

export function blockLocation({ offset, length, hosts, names }: RemoteBlockLocation): BlockLocation {
  const addresses = names.map((name) => name.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''));
  return { offsetBytes: offset, lengthBytes: length, hosts: [...new Set([...hosts, ...addresses])] };
}
