import { messageCodecs } from './message-codec.js';

/*
 * RpcHeader.proto, ProtobufRpcEngine.proto and IpcConnectionContext.proto of Hadoop 3.4. Enumerations are numbers here: on the wire they
 * are the same, and a value of a later version does no harm.
 */
const codec = messageCodecs(`
message RpcRequestHeaderProto {
  optional int32 rpcKind = 1; optional int32 rpcOp = 2; required sint32 callId = 3; required bytes clientId = 4;
  optional sint32 retryCount = 5;
}
message RpcResponseHeaderProto {
  required uint32 callId = 1; required int32 status = 2; optional uint32 serverIpcVersionNum = 3;
  optional string exceptionClassName = 4; optional string errorMsg = 5; optional int32 errorDetail = 6;
}
message SaslAuth {
  required string method = 1; required string mechanism = 2; optional string protocol = 3; optional string serverId = 4;
  optional bytes challenge = 5;
}
message RpcSaslProto { optional uint32 version = 1; required int32 state = 2; optional bytes token = 3; repeated SaslAuth auths = 4; }
message UserInformationProto { optional string effectiveUser = 1; optional string realUser = 2; }
message IpcConnectionContextProto { optional UserInformationProto userInfo = 2; optional string protocol = 3; }
message RequestHeaderProto {
  required string methodName = 1; required string declaringClassProtocolName = 2; required uint64 clientProtocolVersion = 3;
}`);

export interface RpcRequestHeader {
  readonly rpcKind: number;
  readonly rpcOp: number;
  readonly callId: number;
  readonly clientId: Uint8Array;
  readonly retryCount: number;
}
export const rpcRequestHeader = codec<RpcRequestHeader>('RpcRequestHeaderProto');

export const RpcStatus = { success: 0, error: 1, fatal: 2 } as const;

export interface RpcResponseHeader {
  /** Unsigned, though the ids of the handshake are negative. */
  readonly callId: number;
  readonly status: number;
  readonly serverIpcVersionNum?: number;
  readonly exceptionClassName?: string;
  readonly errorMsg?: string;
  readonly errorDetail?: number;
}
export const rpcResponseHeader = codec<RpcResponseHeader>('RpcResponseHeaderProto');

export const SaslState = { success: 0, negotiate: 1, initiate: 2, challenge: 3, response: 4, wrap: 5 } as const;

export interface SaslAuth {
  /** How the client proves itself: `TOKEN`, `KERBEROS`, `SIMPLE`. */
  readonly method: string;
  readonly mechanism: string;
  readonly protocol?: string;
  readonly serverId?: string;
  /** The mechanism's first message, when the server begins. */
  readonly challenge?: Buffer;
}
export interface RpcSasl {
  readonly state: number;
  readonly token?: Buffer;
  readonly auths: readonly SaslAuth[];
}
export const rpcSasl = codec<RpcSasl>('RpcSaslProto');

export interface ConnectionContext {
  /** Left out with tokens, which say who calls. */
  readonly userInfo?: { readonly effectiveUser: string };
  readonly protocol: string;
}
export const connectionContext = codec<ConnectionContext>('IpcConnectionContextProto');

export interface RequestHeader {
  readonly methodName: string;
  readonly declaringClassProtocolName: string;
  readonly clientProtocolVersion: number;
}
export const requestHeader = codec<RequestHeader>('RequestHeaderProto');
