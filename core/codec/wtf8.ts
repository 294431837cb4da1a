/**
 * UTF-8 that also carries lone surrogates, as the three bytes of their number (WTF-8, Simon Sapin 2018). A pair that was cut
 * in two by its writer may also come as two such numbers, so that pieces can be joined. Answers the bytes written: never more than
 * three a unit, and as many as `Buffer.byteLength` says. Only texts that are not well-formed pay for these loops.
 */
export function writeWtf8(text: string, target: Buffer, at: number): number {
  let position = at;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i)!;
    if (point < 0x80) {
      target[position++] = point;
    } else if (point < 0x800) {
      target[position++] = 0xc0 | (point >> 6);
      target[position++] = 0x80 | (point & 0x3f);
    } else if (point < 0x10000) {
      target[position++] = 0xe0 | (point >> 12);
      target[position++] = 0x80 | ((point >> 6) & 0x3f);
      target[position++] = 0x80 | (point & 0x3f);
    } else {
      position += target.write(text.slice(i, i + 2), position, 'utf8');
      i++;
    }
  }
  return position - at;
}

/** Reads UTF-8 in which surrogates may stand alone. */
export function readWtf8(source: Buffer, start: number, end: number): string {
  const pieces: string[] = [];
  let units: number[] = [];
  for (let at = start; at < end;) {
    const length = byteLengthAt(source[at]!);
    units.push(...unitsOf(source, at, length));
    at += length;
    if (units.length > 4096) {
      pieces.push(String.fromCharCode(...units));
      units = [];
    }
  }
  return pieces.join('') + String.fromCharCode(...units);
}

function byteLengthAt(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

function unitsOf(source: Buffer, at: number, length: number): number[] {
  const first = source[at]!;
  if (length === 1) return [first];
  let point = first & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) point = (point << 6) | (source[at + i]! & 0x3f);
  if (length < 4) return [point];
  const above = point - 0x10000;
  return [0xd800 | (above >> 10), 0xdc00 | (above & 0x3ff)];
}
