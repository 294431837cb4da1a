import { type Document, isAlias, isMap, isScalar, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { ConfigurationEntry } from '../configuration.js';
import { ConfigurationFileError } from '../errors.js';

/* The parser is imported here, and this file when it is needed: a bundle that holds the package knows its names only that way. */

/** The entries of a YAML text. Throws `ConfigurationFileError`. */
export function readYaml(text: string, file: string): readonly ConfigurationEntry[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'core' });
  const problem = document.errors[0];
  if (problem) throw new ConfigurationFileError(file, lines.linePos(problem.pos[0]).line, `not valid YAML: ${problem.message}`, problem);
  return new YamlFlattener(document, lines, file).entries();
}

/** Deeper than any key; an alias that contains itself ends here. */
const MAX_DEPTH = 64;

/** Walks a document and collects an entry for each leaf. */
class YamlFlattener {
  readonly #entries = new Map<string, ConfigurationEntry>();

  constructor(
    readonly document: Document.Parsed,
    readonly lines: LineCounter,
    readonly file: string,
  ) {}

  entries(): readonly ConfigurationEntry[] {
    const root = this.document.contents as Node | null;
    if (root !== null && !isMap(root) && !this.#isNull(root)) {
      throw new ConfigurationFileError(this.file, this.#lineOf(root), 'has to be a map of keys to values');
    }
    if (isMap(root)) this.#addMap('', root.items as Pair<Node, Node | null>[]);
    return [...this.#entries.values()];
  }

  #addMap(path: string, pairs: readonly Pair<Node, Node | null>[]): void {
    for (const { key, value } of pairs) {
      const name = isScalar(key) ? String(key.value) : key.toString();
      this.#add(path === '' ? name : `${path}.${name}`, value, this.#lineOf(key));
    }
  }

  #add(path: string, value: Node | null, line: number): void {
    if (path.split('.').length > MAX_DEPTH) {
      throw new ConfigurationFileError(this.file, line, 'nested too deep, or an alias that contains itself');
    }
    const node = isAlias(value) ? (value.resolve(this.document) as Node) : value;
    if (isMap(node)) return this.#addMap(path, node.items as Pair<Node, Node | null>[]);
    if (node === null || this.#isNull(node)) return;
    this.#entries.set(path, { key: path, value: this.#text(node), origin: { layer: 'conf-file', file: this.file, line } });
  }

  #text(node: Node): string {
    if (!isScalar(node)) return JSON.stringify(node.toJS(this.document));
    // As written where that is plain text, so that 0x10 or 1_000 are not changed on the way.
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
  }

  #isNull(node: Node): boolean {
    return isScalar(node) && node.value === null;
  }

  #lineOf(node: Node): number {
    return this.lines.linePos(node.range?.[0] ?? 0).line;
  }
}
