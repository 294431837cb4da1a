/* The parser, to be loaded when it is needed: a bundle that holds a CommonJS package knows its names only where it is imported outright. */
export { LineCounter, isAlias, isMap, isScalar, parseDocument } from 'yaml';
