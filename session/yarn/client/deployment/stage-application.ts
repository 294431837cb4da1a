import { access } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { envJavaHome, yarnShipArchives, yarnShipFiles } from '#conf';
import { fileSystems, pathName } from '#core';
import type { LocalResource } from '../../launch/local-resource.js';
import { PROGRAM_RESOURCE, RESERVED_NAMES } from '../../launch/names.js';
import type { ApplicationStaging } from '../staging/application-staging.js';
import { resourcesInPlace } from '../staging/resources-in-place.js';
import type { DeploymentRequest } from './deployment-request.js';
import { ShipFileError } from './errors.js';

/** What containers are made of. */
export interface StagedFiles {
  readonly resources: readonly LocalResource[];
  /** What only the ApplicationMaster needs. */
  readonly masterResources: readonly LocalResource[];
  /** Settings that the configuration file cannot hold. */
  readonly unwritable: Readonly<Record<string, string>>;
}

const LOGGING_FILES = ['log4j.properties', 'logback.xml'];

/** Brings everything that containers need into the cluster's file system. Throws `ShipFileError`, `FileSystemError`. */
export async function stageApplication(staging: ApplicationStaging, request: DeploymentRequest): Promise<StagedFiles> {
  const { configuration, configurationDirectory, hadoop, program } = request;
  const [ship, shipInPlace] = await checkedNames(configuration.get(yarnShipFiles) ?? []);
  const [archives, archivesInPlace] = await checkedNames(configuration.get(yarnShipArchives) ?? []);
  const inPlace = [
    ...(await Promise.all(shipInPlace.map((path) => resourcesInPlace(path, 'FILE')))),
    ...(await Promise.all(archivesInPlace.map((path) => resourcesInPlace(path, 'ARCHIVE')))),
  ].flat();
  await staging.create();
  // The nodes have a Node of their own where "env.java.home" says.
  const node = configuration.get(envJavaHome) === undefined ? [staging.node()] : [];
  const logging = (await loggingFiles(configurationDirectory)).filter(
    (file) => ![...ship, ...shipInPlace].some((path) => basename(path) === basename(file)),
  );
  const conf = staging.configuration(configuration);
  const resources = await staging.together([
    conf.then(({ resource }) => resource),
    staging.runtime(),
    ...node,
    staging.hadoop(hadoop),
    ...[...ship, ...logging].map((path) => staging.ship(path)),
    ...archives.map((path) => staging.shipArchive(path)),
  ]);
  const masterResources = program === undefined ? [] : [await staging.text(PROGRAM_RESOURCE, JSON.stringify(program))];
  return { resources: [...resources, ...inPlace], masterResources, unwritable: (await conf).unwritable };
}

/** Those of this machine, and those that are in a file system of the cluster already. */
async function checkedNames(paths: readonly string[]): Promise<readonly [readonly string[], readonly string[]]> {
  for (const path of paths) {
    const isRemote = fileSystems.isRemote(path);
    const name = isRemote ? pathName(path) : basename(resolve(path));
    if (RESERVED_NAMES.includes(name)) throw new ShipFileError(path, `the name "${name}" is taken by flink-ts itself`);
    if (!(await (isRemote ? isThere(path) : exists(path)))) throw new ShipFileError(path, 'it is not there');
  }
  return [paths.filter((path) => !fileSystems.isRemote(path)), paths.filter((path) => fileSystems.isRemote(path))];
}

async function isThere(uri: string): Promise<boolean> {
  const { fileSystem, path } = fileSystems.resolve(uri);
  return await fileSystem.exists(path);
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

async function loggingFiles(directory: string | undefined): Promise<readonly string[]> {
  const files = directory === undefined ? [] : LOGGING_FILES.map((name) => join(directory, name));
  const present = await Promise.all(files.map(exists));
  return files.filter((_, index) => present[index]);
}
