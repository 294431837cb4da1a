import type { Readable, Transform } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { FlinkError } from '#core';

/** A file is compressed in a way that cannot be read here. */
export class UnsupportedCompressionError extends FlinkError {
  constructor(
    readonly path: string,
    readonly extension: string,
  ) {
    super({
      code: 'UNSUPPORTED_COMPRESSION',
      message: `files ending in "${extension}" are not supported yet: "${path}"`,
      action: 'Decompress the file, or compress it as ".gz".',
      blame: 'user',
    });
  }
}

const DECOMPRESSORS: Readonly<Record<string, () => Transform>> = {
  '.gz': () => createGunzip(),
  '.gzip': () => createGunzip(),
  '.deflate': () => createInflate(),
};
const UNSUPPORTED: readonly string[] = ['.bz2', '.xz', '.zst', '.lz4', '.snappy'];

/** Whether a file's name says that it is compressed. Throws {@link UnsupportedCompressionError} when it cannot be read. */
export function isCompressed(path: string): boolean {
  const extension = extensionOf(path);
  if (UNSUPPORTED.includes(extension)) throw new UnsupportedCompressionError(path, extension);
  return extension in DECOMPRESSORS;
}

/** The decompressed bytes of a file, out of its compressed ones. */
export function decompressed(path: string, compressed: Readable): Readable {
  const decompressor = DECOMPRESSORS[extensionOf(path)]?.();
  if (!decompressor) return compressed;
  compressed.on('error', (error) => {
    decompressor.destroy(error);
  });
  decompressor.on('close', () => {
    compressed.destroy();
  });
  return compressed.pipe(decompressor);
}

function extensionOf(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot < path.lastIndexOf('/') ? '' : path.slice(dot).toLowerCase();
}
