/** How YARN puts a file into the working directory of a container: as it is, or unpacked to a directory. */
export type ResourceType = 'FILE' | 'ARCHIVE';

/** With whom a NodeManager shares its copy: with everybody, the applications of the user, or the containers of one application. */
export type ResourceVisibility = 'PUBLIC' | 'PRIVATE' | 'APPLICATION';

/** A file that a NodeManager copies for a container. Size and timestamp must be those of the file system, or the container is refused. */
export interface LocalResource {
  /** In the container's working directory; may hold slashes. */
  readonly name: string;
  readonly uri: string;
  readonly type: ResourceType;
  readonly visibility: ResourceVisibility;
  /** Bytes. */
  readonly size: number;
  /** ms since 1970 UTC. */
  readonly timestamp: number;
}
