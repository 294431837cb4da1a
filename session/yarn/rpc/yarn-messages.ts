import { messageCodecs } from './message-codec.js';

/*
 * yarn_protos.proto, yarn_service_protos.proto of Hadoop 3.4, as far as an application master needs them. Enumerations are numbers; a
 * container's token is bytes, since it goes back to YARN as it came.
 */
const codec = messageCodecs(`
message ApplicationIdProto { optional int32 id = 1; optional int64 cluster_timestamp = 2; }
message ApplicationAttemptIdProto { optional ApplicationIdProto application_id = 1; optional int32 attemptId = 2; }
message ContainerIdProto {
  optional ApplicationIdProto app_id = 1; optional ApplicationAttemptIdProto app_attempt_id = 2; optional int64 id = 3;
}
message ResourceProto { optional int64 memory = 1; optional int32 virtual_cores = 2; }
message PriorityProto { optional int32 priority = 1; }
message NodeIdProto { optional string host = 1; optional int32 port = 2; }
message TokenProto {
  required bytes identifier = 1; required bytes password = 2; required string kind = 3; required string service = 4;
}
message NMTokenProto { optional NodeIdProto nodeId = 1; optional TokenProto token = 2; }
message ContainerProto {
  optional ContainerIdProto id = 1; optional NodeIdProto nodeId = 2; optional string node_http_address = 3;
  optional ResourceProto resource = 4; optional PriorityProto priority = 5; optional bytes container_token = 6;
}
message ContainerStatusProto {
  optional ContainerIdProto container_id = 1; optional int32 state = 2; optional string diagnostics = 3; optional int32 exit_status = 4;
}
message NodeReportProto { optional NodeIdProto nodeId = 1; optional int32 node_state = 7; optional string health_report = 8; }
message ResourceRequestProto {
  optional PriorityProto priority = 1; optional string resource_name = 2; optional ResourceProto capability = 3;
  optional int32 num_containers = 4; optional bool relax_locality = 5; optional string node_label_expression = 6;
}

message RegisterApplicationMasterRequestProto { optional string host = 1; optional int32 rpc_port = 2; optional string tracking_url = 3; }
message RegisterApplicationMasterResponseProto {
  optional ResourceProto maximumCapability = 1; repeated ContainerProto containers_from_previous_attempts = 4; optional string queue = 5;
  repeated NMTokenProto nm_tokens_from_previous_attempts = 6;
}
message AllocateRequestProto {
  repeated ResourceRequestProto ask = 1; repeated ContainerIdProto release = 2; optional int32 response_id = 4; optional float progress = 5;
}
message AllocateResponseProto {
  optional int32 a_m_command = 1; optional int32 response_id = 2; repeated ContainerProto allocated_containers = 3;
  repeated ContainerStatusProto completed_container_statuses = 4; repeated NodeReportProto updated_nodes = 6;
  optional int32 num_cluster_nodes = 7; repeated NMTokenProto nm_tokens = 9; optional TokenProto am_rm_token = 12;
  repeated ContainerProto containers_from_previous_attempts = 17;
}
message FinishApplicationMasterRequestProto {
  optional string diagnostics = 1; optional string tracking_url = 2; optional int32 final_application_status = 3;
}
message FinishApplicationMasterResponseProto { optional bool isUnregistered = 1; }

message URLProto {
  optional string scheme = 1; optional string host = 2; optional int32 port = 3; optional string file = 4;
  optional string userInfo = 5;
}
message LocalResourceProto {
  optional URLProto resource = 1; optional int64 size = 2; optional int64 timestamp = 3; optional int32 type = 4;
  optional int32 visibility = 5;
}
message StringLocalResourceMapProto { optional string key = 1; optional LocalResourceProto value = 2; }
message StringStringMapProto { optional string key = 1; optional string value = 2; }
message ContainerLaunchContextProto {
  repeated StringLocalResourceMapProto localResources = 1; optional bytes tokens = 2; repeated StringStringMapProto environment = 4;
  repeated string command = 5;
}
message StartContainerRequestProto {
  optional ContainerLaunchContextProto container_launch_context = 1; optional bytes container_token = 2;
}
message StartContainersRequestProto { repeated StartContainerRequestProto start_container_request = 1; }
message SerializedExceptionProto {
  optional string message = 1; optional string trace = 2; optional string class_name = 3; optional SerializedExceptionProto cause = 4;
}
message ContainerExceptionMapProto { optional ContainerIdProto container_id = 1; optional SerializedExceptionProto exception = 2; }
message StartContainersResponseProto {
  repeated ContainerIdProto succeeded_requests = 2; repeated ContainerExceptionMapProto failed_requests = 3;
}
message ContainerIdsProto { repeated ContainerIdProto container_id = 1; }
message StopContainersResponseProto {
  repeated ContainerIdProto succeeded_requests = 1; repeated ContainerExceptionMapProto failed_requests = 2;
}
message GetContainerStatusesResponseProto {
  repeated ContainerStatusProto status = 1; repeated ContainerExceptionMapProto failed_requests = 2;
}
`);

/** 64-bit numbers are decimal texts. */
export interface ContainerIdMessage {
  readonly app_attempt_id?: {
    readonly application_id?: { readonly id?: number; readonly cluster_timestamp?: string };
    readonly attemptId?: number;
  };
  readonly id?: string;
}
export interface ResourceMessage {
  /** MB. */
  readonly memory?: string;
  readonly virtual_cores?: number;
}
export interface NodeIdMessage {
  readonly host?: string;
  readonly port?: number;
}
export interface TokenMessage {
  readonly identifier: Buffer;
  readonly password: Buffer;
  readonly kind: string;
  readonly service: string;
}
export interface NmTokenMessage {
  readonly nodeId?: NodeIdMessage;
  readonly token?: TokenMessage;
}
export interface ContainerMessage {
  readonly id?: ContainerIdMessage;
  readonly nodeId?: NodeIdMessage;
  readonly node_http_address?: string;
  readonly resource?: ResourceMessage;
  readonly priority?: { readonly priority?: number };
  readonly container_token?: Buffer;
}
export interface ContainerStatusMessage {
  readonly container_id?: ContainerIdMessage;
  readonly state?: number;
  readonly diagnostics?: string;
  readonly exit_status?: number;
}
export interface ResourceRequestMessage {
  readonly priority: { readonly priority: number };
  readonly resource_name: string;
  readonly capability: ResourceMessage;
  readonly num_containers: number;
  readonly relax_locality: boolean;
  readonly node_label_expression?: string;
}
interface FailedRequests {
  readonly failed_requests: readonly {
    readonly container_id?: ContainerIdMessage;
    readonly exception?: { readonly message?: string; readonly class_name?: string };
  }[];
}

export interface RegisterRequest {
  readonly host: string;
  readonly rpc_port: number;
  readonly tracking_url: string;
}
export interface RegisterResponse {
  readonly maximumCapability?: ResourceMessage;
  readonly containers_from_previous_attempts: readonly ContainerMessage[];
  readonly queue?: string;
  readonly nm_tokens_from_previous_attempts: readonly NmTokenMessage[];
}
export interface AllocateRequest {
  readonly ask: readonly ResourceRequestMessage[];
  readonly release: readonly ContainerIdMessage[];
  readonly response_id: number;
  /** From 0 to 1. */
  readonly progress: number;
}
export interface AllocateResponse {
  readonly a_m_command?: number;
  readonly response_id?: number;
  readonly allocated_containers: readonly ContainerMessage[];
  readonly completed_container_statuses: readonly ContainerStatusMessage[];
  readonly updated_nodes: readonly { readonly nodeId?: NodeIdMessage; readonly node_state?: number; readonly health_report?: string }[];
  readonly num_cluster_nodes?: number;
  readonly nm_tokens: readonly NmTokenMessage[];
  readonly am_rm_token?: TokenMessage;
  readonly containers_from_previous_attempts: readonly ContainerMessage[];
}
export interface FinishRequest {
  readonly diagnostics: string;
  readonly tracking_url: string;
  readonly final_application_status: number;
}

export interface LocalResourceMessage {
  readonly resource: { readonly scheme: string; readonly host?: string; readonly port?: number; readonly file: string };
  readonly size: string;
  readonly timestamp: string;
  readonly type: number;
  readonly visibility: number;
}
export interface LaunchContextMessage {
  readonly localResources: readonly { readonly key: string; readonly value: LocalResourceMessage }[];
  /** Credentials as in a token file. */
  readonly tokens: Buffer;
  readonly environment: readonly { readonly key: string; readonly value: string }[];
  readonly command: readonly string[];
}
export interface StartContainersRequest {
  readonly start_container_request: readonly {
    readonly container_launch_context: LaunchContextMessage;
    readonly container_token: Buffer;
  }[];
}
export interface StartContainersResponse extends FailedRequests {
  readonly succeeded_requests: readonly ContainerIdMessage[];
}
export interface ContainerIdsRequest {
  readonly container_id: readonly ContainerIdMessage[];
}
export type StopContainersResponse = StartContainersResponse;
export interface ContainerStatusesResponse extends FailedRequests {
  readonly status: readonly ContainerStatusMessage[];
}

export const registerApplicationMaster = {
  name: 'registerApplicationMaster',
  request: codec<RegisterRequest>('RegisterApplicationMasterRequestProto'),
  response: codec<RegisterResponse>('RegisterApplicationMasterResponseProto'),
};
export const allocate = {
  name: 'allocate',
  request: codec<AllocateRequest>('AllocateRequestProto'),
  response: codec<AllocateResponse>('AllocateResponseProto'),
};
export const finishApplicationMaster = {
  name: 'finishApplicationMaster',
  request: codec<FinishRequest>('FinishApplicationMasterRequestProto'),
  response: codec<{ readonly isUnregistered?: boolean }>('FinishApplicationMasterResponseProto'),
};
export const startContainers = {
  name: 'startContainers',
  request: codec<StartContainersRequest>('StartContainersRequestProto'),
  response: codec<StartContainersResponse>('StartContainersResponseProto'),
};
export const stopContainers = {
  name: 'stopContainers',
  request: codec<ContainerIdsRequest>('ContainerIdsProto'),
  response: codec<StopContainersResponse>('StopContainersResponseProto'),
};
export const getContainerStatuses = {
  name: 'getContainerStatuses',
  request: codec<ContainerIdsRequest>('ContainerIdsProto'),
  response: codec<ContainerStatusesResponse>('GetContainerStatusesResponseProto'),
};
