/*
 * The packages behind the REST interface, to be loaded when it is: a bundle that holds a CommonJS package knows its names only where it is
 * imported outright.
 */
export { fastify } from 'fastify';
export { default as multipart } from '@fastify/multipart';
