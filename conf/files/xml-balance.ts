/** What is wrong with the tags of a text, and in which line. */
export interface XmlProblem {
  readonly line: number;
  readonly problem: string;
}

/** Comments, character data, instructions and the document type; then tags: slash, name, slash; then a `<` that begins none of these. */
const MARKUP = new RegExp(
  [
    String.raw`<!--[\s\S]*?-->`,
    String.raw`<!\[CDATA\[[\s\S]*?\]\]>`,
    String.raw`<\?[\s\S]*?\?>`,
    String.raw`<!DOCTYPE(?:[^[>]|\[[^\]]*\])*>`,
    String.raw`<(?<closing>/?)(?<name>[A-Za-z_][^\s/><]*)(?:"[^"]*"|'[^']*'|[^"'<>])*?(?<empty>/?)>`,
    '<',
  ].join('|'),
  'g',
);

interface OpenTag {
  readonly name: string;
  readonly at: number;
}

/**
 * Looks for the first tag that is not closed, or not opened. The parser takes whatever comes, and would read half of a damaged file;
 * that its own check is deprecated leaves this to us.
 */
export function findXmlProblem(text: string): XmlProblem | undefined {
  const open: OpenTag[] = [];
  for (const match of text.matchAll(MARKUP)) {
    if (match[0] === '<') return problemAt(text, match.index, '"<" does not begin a tag');
    const name = match.groups?.['name'];
    if (name === undefined || match.groups?.['empty'] === '/') continue;
    if (match.groups?.['closing'] !== '/') {
      open.push({ name, at: match.index });
    } else if (open.pop()?.name !== name) {
      return problemAt(text, match.index, `"</${name}>" does not close the last tag that was opened`);
    }
  }
  const last = open.at(-1);
  return last && problemAt(text, last.at, `"<${last.name}>" is not closed`);
}

function problemAt(text: string, at: number, problem: string): XmlProblem {
  return { line: text.slice(0, at).split('\n').length, problem };
}
