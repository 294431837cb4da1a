import { Presence, type Column, type LayoutField, type LayoutNode, type RowLayout } from './row-layout.js';
import { SHORT_TEXT_UNITS } from './segment-filler.js';
import { lacksProperty, propertyOf } from './source-text.js';

/** `declared` trusts the declaration for what it does not name; `inferred` refuses whatever would not come back the same. */
export type Guard = 'declared' | 'inferred';

const INITIAL: Readonly<Partial<Record<Column['form'], string>>> = { text: "''", bigint: '0n', heap: 'undefined' };

/**
 * Generates the `write` function of a row writer, a method of `SegmentFiller`: check and load all fields into variables,
 * encode what goes to the byte heap, take room, store.
 *
 * Variables: `c` with a number for the value of a column, `p` for the presence of a value, `n` for counts of properties, `e`
 * for ends in the byte heap.
 */
export class RowWriterSource {
  readonly #lines: string[] = [];
  #objects = 0;

  private constructor(
    readonly layout: RowLayout,
    readonly guard: Guard,
  ) {}

  /** The body of a function of `codecs` (value codecs of the heap columns, in order) that answers `write`. */
  static of(layout: RowLayout, guard: Guard): string {
    const source = new RowWriterSource(layout, guard);
    source.#check(layout.root, 'value');
    source.#takeRoom();
    source.#store();
    return ['return function write(value, timestamp) {', ...source.#variables(), ...source.#lines, '};'].join('\n');
  }

  #variables(): string[] {
    const columns = this.layout.columns.map(({ index, form }) => `c${index} = ${INITIAL[form] ?? '0'}`);
    const presences = Array.from({ length: this.layout.presenceCount }, (_, i) => `p${i} = ${Presence.present}`);
    const all = [...columns, ...presences];
    return all.length === 0 ? [] : [`let ${all.join(', ')};`];
  }

  #check(node: LayoutNode, value: string): void {
    switch (node.kind) {
      case 'column':
        this.#checkColumn(node.column, value);
        return;
      case 'nullable':
        this.#lines.push(`if (${value} === null) p${node.presence} = ${Presence.null};`);
        this.#lines.push(`else if (${value} === undefined) p${node.presence} = ${Presence.undefined}; else {`);
        this.#check(node.of, value);
        this.#lines.push('}');
        return;
      case 'tuple':
        this.#rejectUnless(`Array.isArray(${value}) && ${value}.length === ${node.fields.length}`);
        if (this.guard === 'inferred') this.#rejectUnless(`Object.getPrototypeOf(${value}) === Array.prototype`);
        node.fields.forEach((field, i) => {
          this.#load(field, `${value}[${i}]`);
        });
        return;
      case 'object':
        this.#checkObject(node.fields, value);
    }
  }

  #checkObject(fields: readonly LayoutField[], value: string): void {
    this.#rejectUnless(`typeof ${value} === 'object' && ${value} !== null`);
    if (this.guard === 'inferred') this.#rejectUnless(`Object.getPrototypeOf(${value}) === Object.prototype`);
    for (const field of fields) this.#checkField(field, value);
    if (this.guard === 'inferred') this.#checkNothingElse(fields, value);
  }

  #checkField({ name, node, presence }: LayoutField, value: string): void {
    const property = propertyOf(value, name);
    if (presence === undefined) {
      this.#load(node, property);
      return;
    }
    this.#lines.push(`if (${lacksProperty(value, name)}) p${presence} = ${Presence.missing}; else {`);
    this.#load(node, property);
    this.#lines.push('}');
  }

  /** Counts the properties: all fields were found, so as many properties as fields means that there is no other. */
  #checkNothingElse(fields: readonly LayoutField[], value: string): void {
    const count = `n${++this.#objects}`;
    const always = fields.filter((field) => field.presence === undefined).length;
    const sometimes = fields.filter((field) => field.presence !== undefined);
    const expected = [`${always}`, ...sometimes.map(({ presence }) => `(p${presence} === ${Presence.missing} ? 0 : 1)`)].join(' + ');
    this.#lines.push(`let ${count} = 0; for (const key in ${value}) ${count}++;`);
    this.#rejectUnless(`${count} === ${expected}`);
  }

  /** Reads a property once: it may be a getter. */
  #load(node: LayoutNode, expression: string): void {
    const variable = `o${++this.#objects}`;
    this.#lines.push(`const ${variable} = ${expression};`);
    this.#check(node, variable);
  }

  #checkColumn({ index, form, type }: Column, value: string): void {
    if (form !== 'heap') this.#rejectUnless(this.#conforms(form, value));
    else if (type.kind === 'bytes') this.#rejectUnless(this.#isInstance(value, 'Uint8Array'));
    this.#lines.push(`c${index} = ${value};`);
  }

  #conforms(form: Exclude<Column['form'], 'heap'>, value: string): string {
    const inferred = this.guard === 'inferred';
    switch (form) {
      case 'boolean':
        return `typeof ${value} === 'boolean'`;
      case 'int':
        return `typeof ${value} === 'number' && (${value} | 0) === ${value}${inferred ? ` && !Object.is(${value}, -0)` : ''}`;
      case 'long':
        return `Number.isSafeInteger(${value})${inferred ? ` && !Object.is(${value}, -0)` : ''}`;
      case 'bigint':
        return `typeof ${value} === 'bigint' && BigInt.asIntN(64, ${value}) === ${value}`;
      case 'double':
        return `typeof ${value} === 'number'`;
      case 'text':
        return `typeof ${value} === 'string'`;
      case 'date':
        return this.#isInstance(value, 'Date');
    }
  }

  #isInstance(value: string, type: 'Date' | 'Uint8Array'): string {
    const exactly = this.guard === 'inferred' ? ` && Object.getPrototypeOf(${value}) === ${type}.prototype` : '';
    return `${value} instanceof ${type}${exactly}`;
  }

  #rejectUnless(condition: string): void {
    this.#lines.push(`if (!(${condition})) return this.reject(value);`);
  }

  #takeRoom(): void {
    const { heapColumns, textColumns, rowWords } = this.layout;
    this.#encodeHeap();
    const bytes = `${rowWords * 4}${heapColumns.length > 0 ? ' + end - this.heapEnd' : ''}`;
    this.#lines.push(`const bytes = ${bytes};`);
    if (textColumns.length === 0) {
      this.#lines.push("if (this.room < bytes && !this.makeRoom(bytes, '')) return this.refuse();", 'this.room -= bytes;');
      return;
    }
    const text = textColumns.map(({ index }) => `c${index}`).join(' + ');
    this.#lines.push(`const length = ${textColumns.map(({ index }) => `c${index}.length`).join(' + ')};`);
    this.#lines.push('text: {', ...this.#writeShortText());
    this.#lines.push(`if (this.room < bytes + 3 * length && !this.makeRoom(bytes, ${text})) return this.refuse();`);
    this.#lines.push('this.room -= bytes + 3 * length;', `this.text += ${text};`, '}');
  }

  /** Leaves the block of the text when all of it is written. */
  #writeShortText(): string[] {
    const units = this.layout.textColumns.map(
      ({ index }) =>
        `for (let i = 0; i < c${index}.length; i++) { const unit = c${index}.charCodeAt(i); seen |= unit; settled[at++] = unit; }`,
    );
    return [
      `if (length <= ${SHORT_TEXT_UNITS} && this.room >= bytes + length && this.text === '') {`,
      'const settled = this.settled; let at = this.settledBytes, seen = 0;',
      ...units,
      'if (seen < 128) { this.settledBytes = at; this.room -= bytes + length; break text; }',
      '}',
    ];
  }

  #encodeHeap(): void {
    const { heapColumns } = this.layout;
    if (heapColumns.length === 0) return;
    this.#lines.push('const heap = this.heap; heap.position = this.heapEnd;');
    heapColumns.forEach(({ index, type, path }, i) => {
      // An absent value left its variable undefined, which no codec but the generic one would take.
      const encode = type.kind === 'bytes' ? `heap.raw(c${index});` : `codecs[${i}].write(heap, c${index}, ${JSON.stringify(path)});`;
      this.#lines.push(type.kind === 'generic' ? encode : `if (c${index} !== undefined) { ${encode} }`, `const e${index} = heap.position;`);
    });
    this.#lines.push('const end = heap.position;');
  }

  #store(): void {
    const { layout } = this;
    this.#lines.push('const words = this.words, doubles = this.doubles, q = this.position, d = q >> 1;');
    if (layout.timestamps) this.#lines.push('doubles[d] = timestamp;');
    if (layout.textColumns.length > 0) this.#lines.push('let units = this.units;');
    for (const column of layout.columns) this.#lines.push(this.#storeColumn(column, layout.wordOf[column.index]!));
    if (layout.textColumns.length > 0) this.#lines.push('this.units = units;');
    if (layout.heapColumns.length > 0) this.#lines.push('this.heapEnd = end;');
    this.#storePresence();
    this.#lines.push(`this.position = q + ${layout.rowWords}; this.rowCount++;`, 'return 0;');
  }

  #storeColumn({ index, form }: Column, word: number): string {
    switch (form) {
      case 'boolean':
        return `words[q + ${word}] = c${index} ? 1 : 0;`;
      case 'int':
        return `words[q + ${word}] = c${index};`;
      case 'long':
        return `words[q + ${word}] = c${index}; words[q + ${word + 1}] = Math.floor(c${index} / 4294967296);`;
      case 'bigint':
        return `this.bigints[d + ${word >> 1}] = c${index};`;
      case 'double':
        return `doubles[d + ${word >> 1}] = c${index};`;
      case 'date':
        return `doubles[d + ${word >> 1}] = c${index} === 0 ? 0 : c${index}.getTime();`;
      case 'text':
        return `words[q + ${word}] = units += c${index}.length;`;
      case 'heap':
        return `words[q + ${word}] = e${index};`;
    }
  }

  #storePresence(): void {
    const { presenceCount, presenceWord } = this.layout;
    for (let first = 0; first < presenceCount; first += 16) {
      const bits = Array.from({ length: Math.min(16, presenceCount - first) }, (_, i) => `p${first + i} << ${i * 2}`);
      this.#lines.push(`words[q + ${presenceWord + first / 16}] = ${bits.join(' | ')};`);
    }
  }
}
