import { request } from 'node:http';

const TIMEOUT_MS = 5000;

/** What a daemon's web interface answers, parsed; undefined for an empty body. Throws for a status other than 2xx. */
export function httpJson(url: string, method: 'GET' | 'PUT' | 'POST' = 'GET'): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, timeout: TIMEOUT_MS, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) resolve(body === '' ? undefined : JSON.parse(body));
        else reject(new Error(`${method} ${url}: ${statusCode} ${body}`));
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${url}: no answer within ${TIMEOUT_MS} ms`)));
    outgoing.on('error', reject);
    outgoing.end();
  });
}
