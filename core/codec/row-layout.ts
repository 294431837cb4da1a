import type { ObjectType, TypeInfo } from '../types/type-info.js';
import { positionPath, propertyPath } from '../types/record-path.js';

/** How a column lies in the row. `text` and `heap` columns hold the end of their part of the text or byte heap. */
export type ColumnForm = 'int' | 'boolean' | 'long' | 'bigint' | 'double' | 'date' | 'text' | 'heap';

export interface Column {
  readonly index: number;
  readonly form: ColumnForm;
  readonly type: TypeInfo;
  /** Where in a record the value is, for errors. */
  readonly path: string;
}

/** The two bits of a value that may be absent. */
export const Presence = { present: 0, null: 1, undefined: 2, missing: 3 } as const;

/** The type as a tree whose leaves are columns. */
export type LayoutNode =
  | { readonly kind: 'column'; readonly column: Column }
  | { readonly kind: 'nullable'; readonly presence: number; readonly of: LayoutNode }
  | { readonly kind: 'tuple'; readonly fields: readonly LayoutNode[] }
  | { readonly kind: 'object'; readonly fields: readonly LayoutField[]; readonly create: number | undefined };

export interface LayoutField {
  readonly name: string;
  readonly node: LayoutNode;
  /** Number of the presence bits, when the property may be missing. */
  readonly presence: number | undefined;
}

/**
 * Where everything lies in a row, in words of 4 bytes:
 *
 * ```
 *  timestamp (2 words, if carried) │ columns of 2 words │ presence bits, 16 values a word │ columns of 1 word │ padding to 2 words
 * ```
 */
export interface RowLayout {
  readonly root: LayoutNode;
  readonly columns: readonly Column[];
  readonly textColumns: readonly Column[];
  readonly heapColumns: readonly Column[];
  /** The word of each column, by its index. */
  readonly wordOf: readonly number[];
  readonly presenceCount: number;
  readonly presenceWord: number;
  readonly timestamps: boolean;
  /** Words of a row: even, and at least 2, so that a segment holds a bounded number of rows. */
  readonly rowWords: number;
  readonly creates: readonly NonNullable<ObjectType['create']>[];
}

const TWO_WORDS: ReadonlySet<ColumnForm> = new Set(['long', 'bigint', 'double', 'date']);

/** Lays out the rows of a type. */
export function rowLayout(type: TypeInfo, timestamps: boolean): RowLayout {
  const builder = new LayoutBuilder();
  const root = builder.node(type, '');
  const wordOf: number[] = [];
  let word = timestamps ? 2 : 0;
  for (const column of builder.columns) if (TWO_WORDS.has(column.form)) word = 2 + (wordOf[column.index] = word);
  const presenceWord = word;
  word += Math.ceil(builder.presenceCount / 16);
  for (const column of builder.columns) if (!TWO_WORDS.has(column.form)) word = 1 + (wordOf[column.index] = word);
  return {
    root,
    columns: builder.columns,
    textColumns: builder.columns.filter((column) => column.form === 'text'),
    heapColumns: builder.columns.filter((column) => column.form === 'heap'),
    wordOf,
    presenceCount: builder.presenceCount,
    presenceWord,
    timestamps,
    rowWords: Math.max(2, word + (word & 1)),
    creates: builder.creates,
  };
}

class LayoutBuilder {
  readonly columns: Column[] = [];
  readonly creates: NonNullable<ObjectType['create']>[] = [];
  presenceCount = 0;

  node(type: TypeInfo, path: string): LayoutNode {
    switch (type.kind) {
      case 'nullable':
        return { kind: 'nullable', presence: this.presenceCount++, of: this.node(type.of, path) };
      case 'tuple':
        return { kind: 'tuple', fields: type.fields.map((field, i) => this.node(field, positionPath(path, i))) };
      case 'object':
        return this.#object(type, path);
      default:
        return this.#column(type, path);
    }
  }

  #object(type: ObjectType, path: string): LayoutNode {
    const fields = type.fields.map(({ name, type: fieldType, optional }): LayoutField => {
      const presence = optional === true ? this.presenceCount++ : undefined;
      return { name, presence, node: this.node(fieldType, propertyPath(path, name)) };
    });
    return { kind: 'object', fields, create: type.create === undefined ? undefined : this.creates.push(type.create) - 1 };
  }

  #column(type: TypeInfo, path: string): LayoutNode {
    const column: Column = { index: this.columns.length, form: formOf(type), type, path };
    this.columns.push(column);
    return { kind: 'column', column };
  }
}

function formOf(type: TypeInfo): ColumnForm {
  switch (type.kind) {
    case 'string':
      return 'text';
    case 'boolean':
    case 'int':
    case 'long':
    case 'bigint':
    case 'double':
    case 'date':
      return type.kind;
    default:
      return 'heap';
  }
}
