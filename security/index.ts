export * from './http/errors.js';
export * from './http/hadoop-authentication.js';
