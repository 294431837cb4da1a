import { get, request } from 'node:http';

/** Fetches JSON; undefined when nothing answers, or not with success. */
export async function getJson<T>(url: string): Promise<T | undefined> {
  return await new Promise((resolve) => {
    const asked = get(url, { agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => {
        resolve(response.statusCode === 200 ? (JSON.parse(text) as T) : undefined);
      });
    });
    asked.on('error', () => {
      resolve(undefined);
    });
  });
}

/** Posts an empty object. Throws when that is not answered with success. */
export async function postJson(url: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const posted = request(url, { method: 'POST', agent: false, headers: { 'content-type': 'application/json' } }, (response) => {
      response.resume();
      if ((response.statusCode ?? 500) < 300) response.on('end', resolve);
      else reject(new Error(`POST ${url} was answered with status ${response.statusCode ?? 0}`));
    });
    posted.on('error', reject);
    posted.end('{}');
  });
}
