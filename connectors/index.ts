export * from './hdfs/errors.js';
export * from './register-file-systems.js';
