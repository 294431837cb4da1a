import type { Column, LayoutField, LayoutNode, RowLayout } from './row-layout.js';
import { LOOK_AHEAD_ROWS } from './row-codec.js';
import { literalKey, propertyOf } from './source-text.js';
import { Presence } from './row-layout.js';
import { HEADER_BYTES, HeaderWord } from './segment.js';

/**
 * Generates the `read` function of a row reader: one loop over the rows, which makes each record as a literal, so that all records
 * of a stream have one hidden class.
 *
 * Variables: `q` and `d` the row's first word and double, `e` with a column's number the end of its part of a heap, `w` the words of
 * presence bits, `v` values that need statements.
 */
export class RowReaderSource {
  readonly #lines: string[] = [];
  #values = 0;

  private constructor(readonly layout: RowLayout) {}

  /**
   * The body of a function of `texts`, `heap`, `codecs`, `noTimestamp` and the creates, which answers `read`; where rows are looked at
   * ahead, also of `look` and an array `ahead`.
   */
  static of(layout: RowLayout, looksAhead: boolean): string {
    const source = new RowReaderSource(layout);
    const loop = looksAhead ? source.#loopInBlocks() : source.#loop();
    const state = looksAhead ? [`let rows = ${LOOK_AHEAD_ROWS};`] : [];
    return [...state, 'return function read(segment, from, consume, gate) {', ...source.#prologue(), ...loop, '};'].join('\n');
  }

  #prologue(): string[] {
    const { rowWords, heapColumns, textColumns, wordOf, columns } = this.layout;
    const first = HEADER_BYTES >> 2;
    const lastRow = `${first} + (from - 1) * ${rowWords}`;
    const lines = [`const words = segment.words, doubles = segment.doubles, count = words[${HeaderWord.rowCount}];`];
    if (columns.some((column) => column.form === 'bigint')) lines.push('const bigints = segment.bigints;');
    if (textColumns.length > 0) {
      const lastEnd = `words[${lastRow} + ${wordOf[textColumns.at(-1)!.index]}]`;
      lines.push(`const text = texts.of(segment, from, ${rowWords}); let unit = from === 0 ? 0 : ${lastEnd};`);
    }
    if (heapColumns.length > 0) {
      const lastEnd = `words[${lastRow} + ${wordOf[heapColumns.at(-1)!.index]}]`;
      lines.push(`const heapStart = ${HEADER_BYTES} + count * ${rowWords * 4} + words[${HeaderWord.textBytes}];`);
      lines.push(`heap.attach(segment.bytes, heapStart, words[${HeaderWord.byteLength}]);`);
      lines.push(`let at = heapStart + (from === 0 ? 0 : ${lastEnd});`);
    }
    return lines;
  }

  #loop(): string[] {
    const { layout } = this;
    const value = this.#value(layout.root);
    return [
      `for (let i = from, q = ${HEADER_BYTES >> 2} + from * ${layout.rowWords}; i < count; i++, q += ${layout.rowWords}) {`,
      'const d = q >> 1;',
      ...this.#loads(),
      ...this.#lines,
      `const record = ${value};`,
      ...this.#advance(),
      `consume(record, ${layout.timestamps ? 'doubles[d]' : 'noTimestamp'});`,
      'if (gate.blocked) {',
      layout.textColumns.length > 0 ? 'texts.stoppedAt(i + 1); return i + 1;' : 'return i + 1;',
      '}',
      '}',
      ...(layout.textColumns.length > 0 ? ['texts.forget();'] : []),
      'return count;',
    ];
  }

  /**
   * Decodes a block of rows, has it looked at, and hands it out. `rows` in a block: where the consumer stops in the middle, the next one
   * is not much larger than what it took, so that few rows are decoded in vain however often it stops.
   */
  #loopInBlocks(): string[] {
    const { layout } = this;
    const value = this.#value(layout.root);
    const hasTexts = layout.textColumns.length > 0;
    const firstDouble = HEADER_BYTES >> 3;
    return [
      'for (let first = from, end; first < count; first = end) {',
      'end = Math.min(count, first + rows);',
      `for (let i = first, q = ${HEADER_BYTES >> 2} + first * ${layout.rowWords}; i < end; i++, q += ${layout.rowWords}) {`,
      'const d = q >> 1;',
      ...this.#loads(),
      ...this.#lines,
      `ahead[i - first] = ${value};`,
      ...this.#advance(),
      '}',
      'look(ahead, end - first);',
      'for (let i = first; i < end; i++) {',
      `consume(ahead[i - first], ${layout.timestamps ? `doubles[${firstDouble} + i * ${layout.rowWords >> 1}]` : 'noTimestamp'});`,
      'if (gate.blocked) {',
      `rows = Math.min(${LOOK_AHEAD_ROWS}, 2 * (i + 1 - first));`,
      hasTexts ? 'texts.stoppedAt(i + 1); return i + 1;' : 'return i + 1;',
      '}',
      '}',
      `rows = Math.min(${LOOK_AHEAD_ROWS}, 2 * rows);`,
      '}',
      'ahead.fill(undefined);',
      ...(hasTexts ? ['texts.forget();'] : []),
      'return count;',
    ];
  }

  #loads(): string[] {
    const { textColumns, heapColumns, wordOf, presenceCount, presenceWord } = this.layout;
    const lines = textColumns.map(({ index }) => `const e${index} = words[q + ${wordOf[index]}];`);
    for (const { index } of heapColumns) lines.push(`const e${index} = heapStart + words[q + ${wordOf[index]}];`);
    for (let word = 0; word * 16 < presenceCount; word++) lines.push(`const w${word} = words[q + ${presenceWord + word}];`);
    return lines;
  }

  #advance(): string[] {
    const lines: string[] = [];
    const text = this.layout.textColumns.at(-1);
    const heap = this.layout.heapColumns.at(-1);
    if (text !== undefined) lines.push(`unit = e${text.index};`);
    if (heap !== undefined) lines.push(`at = e${heap.index};`);
    return lines;
  }

  /** An expression for the value; statements it needs before are added to the lines. */
  #value(node: LayoutNode): string {
    switch (node.kind) {
      case 'column':
        return this.#column(node.column);
      case 'nullable':
        return this.#nullable(node.presence, node.of);
      case 'tuple':
        return `[${node.fields.map((field) => this.#value(field)).join(', ')}]`;
      case 'object': {
        const object = this.#object(node.fields);
        return node.create === undefined ? object : `create${node.create}(${object})`;
      }
    }
  }

  #nullable(presence: number, of: LayoutNode): string {
    const before = this.#lines.length;
    const value = this.#value(of);
    const state = this.#presence(presence);
    if (this.#lines.length === before) {
      return `(${state} === ${Presence.present} ? ${value} : ${state} === ${Presence.null} ? null : undefined)`;
    }
    const name = `v${++this.#values}`;
    const statements = this.#lines.splice(before);
    this.#lines.push(
      `let ${name};`,
      `if (${state} === ${Presence.present}) { ${statements.join('\n')} ${name} = ${value}; }`,
      `else if (${state} === ${Presence.null}) ${name} = null;`,
    );
    return name;
  }

  #presence(number: number): string {
    return `(w${number >> 4} >>> ${(number & 15) * 2} & 3)`;
  }

  #object(fields: readonly LayoutField[]): string {
    if (fields.every((field) => field.presence === undefined)) {
      return `{ ${fields.map(({ name, node }) => `${literalKey(name)}: ${this.#value(node)}`).join(', ')} }`;
    }
    const object = `v${++this.#values}`;
    this.#lines.push(`const ${object} = {};`);
    for (const { name, node, presence } of fields) {
      const before = this.#lines.length;
      const assignment = `${propertyOf(object, name)} = ${this.#value(node)};`;
      const statements = [...this.#lines.splice(before), assignment].join('\n');
      const missing = presence === undefined ? undefined : `${this.#presence(presence)} !== ${Presence.missing}`;
      this.#lines.push(missing === undefined ? statements : `if (${missing}) { ${statements} }`);
    }
    return object;
  }

  #column({ index, form, type }: Column): string {
    const word = this.layout.wordOf[index]!;
    switch (form) {
      case 'boolean':
        return `words[q + ${word}] === 1`;
      case 'int':
        return `words[q + ${word}]`;
      case 'long':
        return `words[q + ${word + 1}] * 4294967296 + (words[q + ${word}] >>> 0)`;
      case 'bigint':
        return `bigints[d + ${word >> 1}]`;
      case 'double':
        return `doubles[d + ${word >> 1}]`;
      case 'date':
        return `new Date(doubles[d + ${word >> 1}])`;
      case 'text':
        return `text.substring(${this.#start(this.layout.textColumns, index, 'unit')}, e${index})`;
      case 'heap':
        return this.#heapValue(index, type.kind === 'bytes');
    }
  }

  #heapValue(index: number, bytes: boolean): string {
    const { heapColumns } = this.layout;
    const start = this.#start(heapColumns, index, 'at');
    if (bytes) return `heap.rawAt(${start}, e${index})`;
    return `codecs[${heapColumns.findIndex((column) => column.index === index)}].read(heap.at(${start}))`;
  }

  /** Where a column's part of its heap starts: where that of the column before it ends. */
  #start(columns: readonly Column[], index: number, first: string): string {
    const before = columns[columns.findIndex((column) => column.index === index) - 1];
    return before === undefined ? first : `e${before.index}`;
  }
}
