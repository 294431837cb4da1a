import { type FileSystem, joinPath } from '#core';

/** Writes a text file. */
export async function writeText(files: FileSystem, path: string, text: string): Promise<void> {
  const file = await files.create(path, { overwrite: true });
  await file.write(Buffer.from(text));
  await file.close();
}

/** All lines of a file, or of the files of a directory, sorted. */
export async function linesOf(files: FileSystem, path: string): Promise<readonly string[]> {
  const found = await files.list(path);
  const texts = await Promise.all(
    found.map(async (status) => {
      const chunks: Buffer[] = [];
      for await (const chunk of files.stream(status.path)) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('utf8');
    }),
  );
  return texts
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

/** Names in a directory; none when it is not there. */
export async function namesIn(files: FileSystem, path: string): Promise<readonly string[]> {
  if (!(await files.exists(path))) return [];
  return (await files.list(path)).map((status) => status.path.slice(joinPath(path).length + 1)).sort();
}
