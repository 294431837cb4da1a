import { compile, type TypeInfo } from '#core';

/** More numbers than this are kept as an object. */
const MOST_FIELDS = 12;

/** Objects nested deeper are kept as objects. */
const DEEPEST = 3;

/**
 * Values that are made of the same few numbers: a number itself, arrays of one length, or plain objects with the same fields, and such
 * ones within each other.
 */
export interface NumberShape {
  /** Numbers of a value. */
  readonly width: number;
  /** Makes the value whose numbers stand from `at` on. */
  load(numbers: Float64Array, at: number): unknown;
  /** Puts the numbers of the value from `at` on; answers false, and puts none that counts, when the value is of another shape. */
  save(numbers: Float64Array, at: number, value: unknown): boolean;
  /** The last element, of arrays whose other elements are numbers: each of these is at its own place. */
  readonly last?: { readonly place: number; readonly shape: NumberShape } | undefined;
}

/** The shape of a value; undefined when it is not made of numbers alone, or of too many. */
export function numberShapeOf(value: unknown): NumberShape | undefined {
  const tree = treeOf(value, 0);
  if (tree === undefined) return undefined;
  return leavesOf(tree) <= MOST_FIELDS ? shapeOf(tree) : undefined;
}

/** That of a declared type; undefined when that is not a number. */
export function declaredNumberShape({ kind }: TypeInfo): NumberShape | undefined {
  switch (kind) {
    case 'double':
      return SINGLE;
    case 'int':
      return { ...SINGLE, save: (numbers, at, value) => ((value as number) | 0) === value && saveWhole(numbers, at, value) };
    case 'long':
      return { ...SINGLE, save: (numbers, at, value) => Number.isSafeInteger(value) && saveWhole(numbers, at, value as number) };
    default:
      return undefined;
  }
}

/** Whole numbers have no -0, as in their form. */
function saveWhole(numbers: Float64Array, at: number, value: number): true {
  numbers[at] = value + 0;
  return true;
}

const SINGLE: NumberShape = {
  width: 1,
  load: (numbers, at) => numbers[at],
  save: (numbers, at, value) => {
    if (typeof value !== 'number') return false;
    numbers[at] = value;
    return true;
  },
};

const NUMBER = 'number';

/** What a value is made of. */
type Tree = typeof NUMBER | { readonly kind: 'array' | 'object'; readonly names: readonly string[]; readonly fields: readonly Tree[] };

function treeOf(value: unknown, depth: number): Tree | undefined {
  if (typeof value === 'number') return NUMBER;
  if (typeof value !== 'object' || value === null || depth === DEEPEST) return undefined;
  const names = Object.keys(value);
  // what is empty is about to grow
  if (names.length === 0 || names.length > MOST_FIELDS) return undefined;
  const isArray = Array.isArray(value);
  if (isArray ? value.length !== names.length : !isPlain(value, names)) return undefined;
  const fields: Tree[] = [];
  for (const field of Object.values(value)) {
    const tree = treeOf(field, depth + 1);
    if (tree === undefined) return undefined;
    fields.push(tree);
  }
  return { kind: isArray ? 'array' : 'object', names, fields };
}

function isPlain(value: object, names: readonly string[]): boolean {
  return (
    Object.getPrototypeOf(value) === Object.prototype && Reflect.ownKeys(value).length === names.length && !names.includes('__proto__')
  );
}

function leavesOf(tree: Tree): number {
  return tree === NUMBER ? 1 : tree.fields.reduce((sum, field) => sum + leavesOf(field), 0);
}

/** Shapes by their description: code that sees values of one shape only stays specialised, however many tables there are. */
const shapes = new Map<string, NumberShape>();
/** Names of fields may be data: then there are ever more shapes. */
const MOST_SHAPES = 256;

function shapeOf(tree: Tree): NumberShape {
  if (tree === NUMBER) return SINGLE;
  const description = JSON.stringify(tree);
  const known = shapes.get(description);
  if (known !== undefined) return known;
  if (shapes.size === MOST_SHAPES) shapes.clear();
  const shape: NumberShape = { ...compiledShape(tree), last: lastOf(tree) };
  shapes.set(description, shape);
  return shape;
}

function lastOf({ kind, fields }: Exclude<Tree, typeof NUMBER>): NumberShape['last'] {
  const last = fields.at(-1);
  if (kind !== 'array' || last === undefined || fields.slice(0, -1).some((field) => field !== NUMBER)) return undefined;
  return { place: fields.length - 1, shape: shapeOf(last) };
}

function compiledShape(tree: Tree): NumberShape {
  const source = new ShapeSource();
  const made = source.add(tree, 'v');
  const body = [
    ...source.functions,
    'return {',
    `width: ${leavesOf(tree)},`,
    `load(n, at) { return ${made}; },`,
    `save(n, at, v) { ${source.checks.join(' ')} ${source.puts.join(' ')} return true; },`,
    '};',
  ];
  return compile('number-shape', body.join('\n'), {}) as NumberShape;
}

/** The source of a shape's functions, put together value by value. */
class ShapeSource {
  readonly functions: string[] = [];
  /** They leave, with false, when `v` is of another shape, and give its parts names. */
  readonly checks: string[] = [];
  readonly puts: string[] = [];

  /** Takes in the value of that name; answers what makes it of the numbers in `n` from `at` on. */
  add(tree: Tree, value: string): string {
    if (tree === NUMBER) {
      const place = `n[at + ${this.puts.length}]`;
      this.checks.push(`if (typeof ${value} !== 'number') return false;`);
      this.puts.push(`${place} = ${value};`);
      return place;
    }
    const isArray = tree.kind === 'array';
    this.checks.push(
      isArray
        ? `if (!Array.isArray(${value}) || ${value}.length !== ${tree.names.length}) return false;`
        : this.#isObject(tree.names, value),
    );
    const fields = tree.names.map((name, index) => {
      const quoted = isArray ? name : JSON.stringify(name);
      const field = `${value}_${index}`;
      this.checks.push(`const ${field} = ${value}[${quoted}];`);
      return isArray ? this.add(tree.fields[index]!, field) : `${quoted}: ${this.add(tree.fields[index]!, field)}`;
    });
    return isArray ? `[${fields.join(', ')}]` : `({ ${fields.join(', ')} })`;
  }

  /** A value with the fields in another order is of another shape: what comes back has them in the order they came in. */
  #isObject(names: readonly string[], value: string): string {
    const hasFields = `hasFields${this.functions.length}`;
    const inOrder = names.map((name, index) => `case ${index}: if (k !== ${JSON.stringify(name)}) return false; break;`).join(' ');
    const walk = `for (const k in v) { switch (i++) { ${inOrder} default: return false; } }`;
    this.functions.push(`function ${hasFields}(v) { let i = 0; ${walk} return i === ${names.length}; }`);
    const isPlainObject = `typeof ${value} === 'object' && ${value} !== null && Object.getPrototypeOf(${value}) === Object.prototype`;
    return `if (!(${isPlainObject} && ${hasFields}(${value}))) return false;`;
  }
}
