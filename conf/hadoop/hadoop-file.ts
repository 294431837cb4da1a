import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationFileError } from '../errors.js';
import { readText, readTextIfPresent } from '../files/text-file.js';
import { childText, parseXml, type XmlElement } from '../files/xml.js';

/** A property of a Hadoop file, as written: `${…}` not yet expanded. */
export interface HadoopProperty {
  readonly name: string;
  readonly value: string;
  /** A final property is not overridden by files read later. */
  readonly final: boolean;
  readonly file: string;
}

/** A property is either spelled out in child elements or, since Hadoop 3, given as attributes. */
function parseProperty(element: XmlElement, file: string): readonly HadoopProperty[] {
  const name = childText(element, 'name') ?? element.attributes['name']?.trim();
  const value = element.children.find((child) => child.name === 'value')?.text ?? element.attributes['value'];
  if (!name || value === undefined) return [];
  const final = (childText(element, 'final') ?? element.attributes['final'] ?? '').trim() === 'true';
  return [{ name, value, final, file }];
}

/**
 * Reads a Hadoop configuration file with everything it includes (`xi:include`, with `xi:fallback`), in document order.
 * Throws `ConfigurationFileError`: missing, malformed, or including itself.
 */
export async function readHadoopFile(file: string): Promise<readonly HadoopProperty[]> {
  return readParsed(await readText(file), file, [file]);
}

async function readParsed(text: string, file: string, chain: readonly string[]): Promise<readonly HadoopProperty[]> {
  return readElements((await parseXml(text, file, 'configuration')).children, file, chain);
}

async function readElements(elements: readonly XmlElement[], file: string, chain: readonly string[]): Promise<readonly HadoopProperty[]> {
  const properties: HadoopProperty[] = [];
  for (const element of elements) {
    switch (element.name) {
      case 'property':
        properties.push(...parseProperty(element, file));
        break;
      case 'configuration':
        properties.push(...(await readElements(element.children, file, chain)));
        break;
      case 'include':
        properties.push(...(await readInclude(element, file, chain)));
        break;
    }
  }
  return properties;
}

async function readInclude(element: XmlElement, file: string, chain: readonly string[]): Promise<readonly HadoopProperty[]> {
  const included = includedFile(element.attributes['href'], file);
  if (chain.includes(included)) {
    throw new ConfigurationFileError(file, undefined, `includes itself: ${[...chain, included].join(' -> ')}`);
  }
  const text = await readTextIfPresent(included);
  if (text !== undefined) return readParsed(text, included, [...chain, included]);
  const fallback = element.children.find((child) => child.name === 'fallback');
  if (!fallback) throw new ConfigurationFileError(file, undefined, `includes "${included}", which does not exist`);
  return readElements(fallback.children, file, chain);
}

/** Relative to the including file, as XInclude has it. */
function includedFile(href: string | undefined, file: string): string {
  if (!href) throw new ConfigurationFileError(file, undefined, 'has an include without "href"');
  if (href.startsWith('file:')) return fileURLToPath(href.replace(/^file:(?!\/\/)/, 'file://'));
  if (/^[a-z][a-z0-9+.-]+:/i.test(href)) {
    throw new ConfigurationFileError(file, undefined, `includes "${href}", but only files can be included`);
  }
  return resolve(dirname(file), href);
}
