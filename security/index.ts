export * from './http/errors.js';
export * from './http/hadoop-authentication.js';
export * from './http/http-call.js';
export * from './sasl/digest-md5-client.js';
export * from './sasl/errors.js';
export * from './sasl/security-layer.js';
