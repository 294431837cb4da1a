import type { Configuration, HadoopConfiguration, KeyValues } from '#conf';
import type { ClusterMode } from '../../launch/launch-environment.js';
import type { ShippedProgram } from '../../launch/shipped-program.js';
import type { ClusterSpecification } from '../cluster-specification.js';

/** A cluster to be started on YARN. Name, queue, type, tags and so on are in the configuration, as `yarn.*`. */
export interface DeploymentRequest {
  readonly configuration: Configuration;
  /** Directory of the configuration files, whose logging settings go into the containers. */
  readonly configurationDirectory: string | undefined;
  readonly hadoop: HadoopConfiguration;
  readonly specification: ClusterSpecification;
  readonly mode: ClusterMode;
  readonly detached: boolean;
  /** When the configuration names none. */
  readonly defaultName: string;
  /** `-D` of the session. */
  readonly dynamicProperties: KeyValues;
  /** `-z`; undefined: `high-availability.cluster-id`, else the application id. */
  readonly zookeeperNamespace: string | undefined;
  /** For `application`: the program whose `main` the ApplicationMaster runs. */
  readonly program?: ShippedProgram;
  readonly listener: DeploymentListener;
  /** Breaks the deployment off: the application is killed and its files removed. */
  readonly signal: AbortSignal;
}

/** What a user hears while a cluster is being deployed. */
export interface DeploymentListener {
  progress(text: string): void;
  warning(text: string): void;
}

/** A cluster that runs. */
export interface DeployedCluster {
  readonly applicationId: string;
  readonly host: string;
  /** Where it serves REST. */
  readonly port: number;
  /** The dashboard, through the proxy of the ResourceManager. */
  readonly webInterface: string;
  readonly stagingDirectory: string;
  /** As checked: what was too small has been raised. */
  readonly specification: ClusterSpecification;
}
