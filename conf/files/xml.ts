import { ConfigurationFileError } from '../errors.js';
import { findXmlProblem } from './xml-balance.js';

/** An element of an XML file. Comments and processing instructions are dropped, order is kept. */
export interface XmlElement {
  /** Without namespace prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Text directly inside, as written. */
  readonly text: string;
}

/** How the parser hands over a node in document order: one key for the name, `:@` for the attributes. */
type RawNode = Readonly<Record<string, unknown>>;

const ATTRIBUTES = ':@';
const TEXT = '#text';

/** The library is loaded when the first file is read: most processes read none, and start sooner without it. */
async function parseNodes(text: string): Promise<readonly RawNode[]> {
  const { XMLParser } = await import('fast-xml-parser');
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    htmlEntities: true,
  });
  return parser.parse(text) as readonly RawNode[];
}

function childrenOf(nodes: readonly RawNode[]): readonly XmlElement[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ATTRIBUTES && key !== TEXT);
    return name === undefined ? [] : [toElement(name, node)];
  });
}

function toElement(name: string, node: RawNode): XmlElement {
  const inside = (node[name] ?? []) as readonly RawNode[];
  return {
    name: name.slice(name.indexOf(':') + 1),
    attributes: (node[ATTRIBUTES] ?? {}) as Readonly<Record<string, string>>,
    children: childrenOf(inside),
    text: inside.map((child) => (typeof child[TEXT] === 'string' ? child[TEXT] : '')).join(''),
  };
}

/** Reads an XML file whose root has the name `root`. Throws `ConfigurationFileError` when it is malformed. */
export async function parseXml(text: string, file: string, root: string): Promise<XmlElement> {
  const damage = findXmlProblem(text);
  if (damage) throw new ConfigurationFileError(file, damage.line, `not valid XML: ${damage.problem}`);
  const element = childrenOf(await parseNodes(text))[0];
  if (element?.name !== root) throw new ConfigurationFileError(file, undefined, `the outermost element has to be "<${root}>"`);
  return element;
}

/** The text of the first child of this name, trimmed; `undefined` when there is none. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text.trim();
}
