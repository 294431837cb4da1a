import type { FileContent } from './flat-file.js';

/**
 * Reads `config.yaml`: YAML, nested or flat. Keys of nested maps are joined with dots, lists become the text `["a","b"]`,
 * which list options read. Throws `ConfigurationFileError` when it is not YAML, or not a map.
 */
export async function parseYamlFile(text: string, file: string): Promise<FileContent> {
  // Loaded when needed: most installations have a flink-conf.yaml, and the parser takes as long to load as all the rest.
  const { readYaml } = await import('./yaml-document.js');
  return { entries: readYaml(text, file), warnings: [] };
}
