import { type BlobKey, parseJobId } from '#core';
import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { EntityNotFoundError } from '../errors.js';
import type { RestContext } from '../rest-context.js';
import { blobParams, collectorParams, collectorQuery } from '../schemas.js';
import { readSubmission } from '../submission.js';
import { END_HEADER, encodePage, NEXT_TOKEN_HEADER } from '../collected-page.js';

/** What our own client needs beside Flink's paths: is a blob there, submit a job, fetch what it collects. */
export function submissionRoutes(app: FastifyInstance, { gateway, logger }: RestContext): void {
  app.get<{ Params: Static<typeof blobParams> }>('/blobs/:key', { schema: { params: blobParams } }, async ({ params }) => {
    if (!(await gateway.hasBlob(params.key as BlobKey))) throw new EntityNotFoundError('Blob', params.key);
    return {};
  });
  app.post('/jobs', async (request, reply) => {
    const { graph, blobs } = await readSubmission(request);
    for (const bytes of blobs) await gateway.putBlob(bytes);
    await gateway.submitJob(graph);
    logger.info('job accepted over REST', { jobId: graph.jobId, name: graph.name });
    return reply.status(202).send({ jobUrl: `/jobs/${graph.jobId}` });
  });
  app.get<{ Params: Static<typeof collectorParams>; Querystring: Static<typeof collectorQuery> }>(
    '/jobs/:jobid/collectors/:collector',
    { schema: { params: collectorParams, querystring: collectorQuery } },
    async ({ params, query }, reply) => {
      const page = await gateway.collect(parseJobId(params.jobid), params.collector, query.token, query.wait);
      return reply
        .type('application/octet-stream')
        .header(NEXT_TOKEN_HEADER, String(page.nextToken))
        .header(END_HEADER, String(page.end))
        .send(encodePage(page.batches));
    },
  );
}
