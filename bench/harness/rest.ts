import { get } from 'node:http';

/** Fetches JSON; undefined when nothing answers, or not with success. */
export async function getJson<T>(url: string): Promise<T | undefined> {
  return await new Promise((resolve) => {
    const request = get(url, { agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => {
        resolve(response.statusCode === 200 ? (JSON.parse(text) as T) : undefined);
      });
    });
    request.on('error', () => {
      resolve(undefined);
    });
  });
}
