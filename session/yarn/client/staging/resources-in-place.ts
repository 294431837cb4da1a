import { type FileStatus, type FileSystem, fileSystems, pathName } from '#core';
import type { LocalResource, ResourceType } from '../../launch/local-resource.js';
import { resourceOf } from './uploads.js';

/**
 * What is in a file system of the cluster already is not copied: containers get it from where it is. Of a directory, all files in it, below
 * its name.
 */
export async function resourcesInPlace(uri: string, type: ResourceType): Promise<readonly LocalResource[]> {
  const { fileSystem, path } = fileSystems.resolve(uri);
  const status = await fileSystem.status(path);
  const files = status.directory ? await filesBelow(fileSystem, path) : [status];
  const nameFrom = path.length - pathName(path).length;
  return files.map((file) => resourceOf(file, file.path, { name: file.path.slice(nameFrom), type, visibility: 'APPLICATION' }));
}

async function filesBelow(fileSystem: FileSystem, directory: string): Promise<readonly FileStatus[]> {
  const found = await fileSystem.list(directory);
  const nested = await Promise.all(found.map(async (status) => (status.directory ? await filesBelow(fileSystem, status.path) : [status])));
  return nested.flat();
}
