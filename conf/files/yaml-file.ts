import type { Document, LineCounter, Node, Pair } from 'yaml';
import type { ConfigurationEntry } from '../configuration.js';
import { ConfigurationFileError } from '../errors.js';
import type { FileContent } from './flat-file.js';

/**
 * Reads `config.yaml`: YAML, nested or flat. Keys of nested maps are joined with dots, lists become the text `["a","b"]`,
 * which list options read. Throws `ConfigurationFileError` when it is not YAML, or not a map.
 */
export async function parseYamlFile(text: string, file: string): Promise<FileContent> {
  // Loaded when needed: most installations have a flink-conf.yaml, and the parser takes as long to load as all the rest.
  const yaml = await import('./yaml-library.js');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'core' });
  const problem = document.errors[0];
  if (problem) throw new ConfigurationFileError(file, lines.linePos(problem.pos[0]).line, `not valid YAML: ${problem.message}`, problem);
  return { entries: new YamlFlattener(yaml, document, lines, file).entries(), warnings: [] };
}

/** Deeper than any key; an alias that contains itself ends here. */
const MAX_DEPTH = 64;

/** Walks a document and collects an entry for each leaf. */
class YamlFlattener {
  readonly #entries = new Map<string, ConfigurationEntry>();

  constructor(
    readonly yaml: typeof import('./yaml-library.js'),
    readonly document: Document.Parsed,
    readonly lines: LineCounter,
    readonly file: string,
  ) {}

  entries(): readonly ConfigurationEntry[] {
    const root = this.document.contents as Node | null;
    if (root !== null && !this.yaml.isMap(root) && !this.#isNull(root)) {
      throw new ConfigurationFileError(this.file, this.#lineOf(root), 'has to be a map of keys to values');
    }
    if (this.yaml.isMap(root)) this.#addMap('', root.items as Pair<Node, Node | null>[]);
    return [...this.#entries.values()];
  }

  #addMap(path: string, pairs: readonly Pair<Node, Node | null>[]): void {
    for (const { key, value } of pairs) {
      const name = this.yaml.isScalar(key) ? String(key.value) : key.toString();
      this.#add(path === '' ? name : `${path}.${name}`, value, this.#lineOf(key));
    }
  }

  #add(path: string, value: Node | null, line: number): void {
    if (path.split('.').length > MAX_DEPTH) {
      throw new ConfigurationFileError(this.file, line, 'nested too deep, or an alias that contains itself');
    }
    const node = this.yaml.isAlias(value) ? (value.resolve(this.document) as Node) : value;
    if (this.yaml.isMap(node)) return this.#addMap(path, node.items as Pair<Node, Node | null>[]);
    if (node === null || this.#isNull(node)) return;
    this.#entries.set(path, { key: path, value: this.#text(node), origin: { layer: 'conf-file', file: this.file, line } });
  }

  #text(node: Node): string {
    if (!this.yaml.isScalar(node)) return JSON.stringify(node.toJS(this.document));
    // As written where that is plain text, so that 0x10 or 1_000 are not changed on the way.
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
  }

  #isNull(node: Node): boolean {
    return this.yaml.isScalar(node) && node.value === null;
  }

  #lineOf(node: Node): number {
    return this.lines.linePos(node.range?.[0] ?? 0).line;
  }
}
