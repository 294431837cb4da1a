import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BlobKey, JobId } from '#core';
import type { BlobStore } from './blob-store.js';

/** What a bundle imports in place of this package: bundles travel, installations do not. */
export const PUBLIC_ENTRY_SPECIFIER = 'flink-ts:public-entry';

/** URL of this installation's public entry; where the runtime is bundled the one beside it, so that program and runtime share modules. */
export const publicEntryUrl = bundledEntryUrl() ?? import.meta.resolve('flink-ts');

function bundledEntryUrl(): string | undefined {
  const beside = new URL('./index.js', import.meta.url);
  return existsSync(beside) ? beside.href : undefined;
}

/**
 * The bundle's text with the package's imports pointing at `entryUrl`. Lines stay where they are, so the source map
 * in the bundle stays right.
 */
export function localiseBundle(text: string, entryUrl: string): string {
  const target = JSON.stringify(entryUrl);
  return text.replaceAll(`"${PUBLIC_ENTRY_SPECIFIER}"`, target).replaceAll(`'${PUBLIC_ENTRY_SPECIFIER}'`, target);
}

/** Program bundles as modules that this process's threads can import: one file for a job and bundle. */
export class ProgramBundles {
  readonly #underway = new Map<string, Promise<string>>();

  constructor(
    private readonly store: BlobStore,
    private readonly entryUrl: string = publicEntryUrl,
  ) {}

  /** The URL to import the bundle by; its blob is in the store. */
  async localise(key: BlobKey, jobId: JobId): Promise<string> {
    const path = join(this.#directoryOf(jobId), `${key}.mjs`);
    const writing = this.#underway.get(path) ?? this.store.writing(() => this.#write(key, path));
    this.#underway.set(path, writing);
    return await writing;
  }

  /** Removes what was localised for the job. */
  async remove(jobId: JobId): Promise<void> {
    const directory = this.#directoryOf(jobId);
    const written = [...this.#underway].filter(([path]) => path.startsWith(directory));
    for (const [path] of written) this.#underway.delete(path);
    await Promise.allSettled(written.map(([, writing]) => writing));
    await rm(directory, { recursive: true, force: true });
  }

  async #write(key: BlobKey, path: string): Promise<string> {
    try {
      const bytes = await this.store.readAll(key);
      await mkdir(join(path, '..'), { recursive: true });
      const unfinished = `${path}-${randomUUID()}`;
      await writeFile(
        unfinished,
        localiseBundle(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'), this.entryUrl),
      );
      await rename(unfinished, path);
      return pathToFileURL(path).href;
    } catch (error) {
      this.#underway.delete(path);
      throw error;
    }
  }

  #directoryOf(jobId: JobId): string {
    return join(this.store.directory, `job_${jobId}`);
  }
}
