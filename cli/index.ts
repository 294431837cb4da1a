export * from './main.js';
export * from './terminal.js';
export * from './process.js';
