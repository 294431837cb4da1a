export * from './build-info.js';
export * from './collected-page.js';
export type { ErrorBody, ErrorDetails } from './error-response.js';
export * from './errors.js';
export type { RestContext } from './rest-context.js';
export type { FailureCause, OperationView } from './operations.js';
export type { JobDetailsView, JobOverviewView } from './views/job-view.js';
export type { ApplicationStatus, ExecutionResultView } from './views/job-result-view.js';
export * from './web-server.js';
