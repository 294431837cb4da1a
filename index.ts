/* What programs import: the API, the types of records, and the root of the error hierarchy. */
export * from '#api';
export { FlinkError, NO_TIMESTAMP, Types, systemClock } from '#core';
export type { Clock, JobId, Logger, ObjectOf, TupleOf, TypeInfo, TypedInfo, ValueOf } from '#core';

import { installDefaultExecutor } from './session/default-executor.js';

installDefaultExecutor();

// A program that node runs by itself finds its cluster by this; where something else is installed, it does nothing.
installDefaultExecutor();
