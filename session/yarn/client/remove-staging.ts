import { fileSystems } from '#core';

/**
 * Removes what an ApplicationMaster leaves in the cluster's file system when it could not end by itself. Not being able to is no failure of
 * whoever wanted the application to end: it has.
 */
export async function removeStaging(directory: string): Promise<void> {
  const { path, fileSystem } = fileSystems.resolve(directory);
  await fileSystem.delete(path, { recursive: true }).catch(() => undefined);
}
