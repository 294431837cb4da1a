import { compile } from '#core';
import { NumberKeys } from './number-keys.js';
import { PairKeys } from './pair-keys.js';
import { StringKeys } from './string-keys.js';

/** Keys of more parts go by their identity, as a text. */
const MOST_PARTS = 8;

/** Answered for a key of another shape than the others. */
export const UNLIKE = -2;

type Part = StringKeys | NumberKeys;

/** The code of a table for keys of one shape; made for it, so that every look-up in it sees one kind of value. */
interface CompositeIndex {
  /** The slot of the key, or {@link UNLIKE}. */
  slotOf(key: object): number;
  /** The slot of the key, or -1, or {@link UNLIKE}. */
  find(key: object): number;
}

/**
 * Dense numbers (slots) for keys made of several strings and numbers: tuples, or plain objects with the same properties.
 *
 * ```
 *  ['ann', 7, 'b']    'ann' ─▶ 3 ┐
 *                        7 ─▶ 0 ┴▶ pair 5 ┐
 *                      'b' ─▶ 1 ──────────┴▶ pair 9: the slot
 * ```
 * No text is made of a key to look it up, which would cost three times as much.
 */
export class CompositeKeys {
  readonly #pairs: readonly PairKeys[];
  readonly #index: CompositeIndex;
  /** How many pairs each slot of a part is in, and each pair that is the first of others. Counted only while keys may be removed. */
  readonly #usesOfParts: number[][];
  readonly #usesOfPairs: number[][];

  private constructor(
    /** Of the properties; undefined for tuples. */
    private readonly names: readonly string[] | undefined,
    private readonly parts: readonly Part[],
    private readonly removable: boolean,
  ) {
    this.#usesOfParts = parts.map(() => []);
    this.#usesOfPairs = parts.map(() => []);
    this.#pairs = parts.slice(1).map(() => new PairKeys());
    this.#index = compile('composite-keys', indexSource(names, parts), { parts, pairs: this.#pairs, UNLIKE }) as CompositeIndex;
  }

  /** A table for keys of this shape, still empty; undefined when no table can hold them. */
  static like(sample: unknown, removable = false): CompositeKeys | undefined {
    if (typeof sample !== 'object' || sample === null) return undefined;
    const tuple = Array.isArray(sample);
    if (!tuple && Object.getPrototypeOf(sample) !== Object.prototype) return undefined;
    const values: readonly unknown[] = Object.values(sample);
    const parts = values.flatMap((value): Part[] => {
      if (typeof value === 'string') return [new StringKeys()];
      return typeof value === 'number' && !Number.isNaN(value) ? [new NumberKeys()] : [];
    });
    const fits = parts.length > 0 && parts.length <= MOST_PARTS && parts.length === (tuple ? sample.length : values.length);
    return fits ? new CompositeKeys(tuple ? undefined : Object.keys(sample), parts, removable) : undefined;
  }

  get size(): number {
    return (this.#pairs.at(-1) ?? this.parts[0])?.size ?? 0;
  }

  /** The slot of the key, or {@link UNLIKE}; `size` grows by one when the key is new: until one is removed, its slot is then the last. */
  slotOf(key: object): number {
    if (!this.removable) return this.#index.slotOf(key);
    const before = this.size;
    const slot = this.#index.slotOf(key);
    if (this.size > before) this.#countUses(slot);
    return slot;
  }

  slots(): number[] {
    return (this.#pairs.at(-1) ?? this.parts[0])?.slots() ?? [];
  }

  /** Forgets the key of the slot, which another key will get, and the parts that no other key has. */
  remove(slot: number): void {
    let of = slot;
    for (let index = this.parts.length - 1; index > 0; index--) {
      const pairs = this.#pairs[index - 1]!;
      const first = pairs.firstAt(of);
      const second = pairs.secondAt(of);
      pairs.remove(of);
      if (dropUse(this.#usesOfParts[index]!, second) === 0) this.parts[index]!.remove(second);
      if (dropUse(this.#usesOfFirsts(index), first) > 0) return;
      of = first;
    }
    this.parts[0]!.remove(of);
  }

  #countUses(slot: number): void {
    let of = slot;
    for (let index = this.parts.length - 1; index > 0; index--) {
      const pairs = this.#pairs[index - 1]!;
      const first = pairs.firstAt(of);
      countUse(this.#usesOfParts[index]!, pairs.secondAt(of));
      if (countUse(this.#usesOfFirsts(index), first) > 1) return;
      of = first;
    }
  }

  /** Of the first slots of the pairs that the part is in: those are slots of the first part, or of pairs. */
  #usesOfFirsts(index: number): number[] {
    return index === 1 ? this.#usesOfParts[0]! : this.#usesOfPairs[index - 2]!;
  }

  /** The slot of the key, -1 when it has none, or {@link UNLIKE}. */
  find(key: object): number {
    return this.#index.find(key);
  }

  /** A key equal to the one of that slot. */
  keyAt(slot: number): unknown {
    const values: unknown[] = [];
    let of = slot;
    for (let index = this.parts.length - 1; index >= 0; index--) {
      const pairs = this.#pairs[index - 1];
      values.unshift(this.parts[index]!.keyAt(pairs === undefined ? of : pairs.secondAt(of)));
      if (pairs !== undefined) of = pairs.firstAt(of);
    }
    return this.names === undefined ? values : Object.fromEntries(this.names.map((name, index) => [name, values[index]]));
  }
}

function countUse(uses: number[], slot: number): number {
  return (uses[slot] = (uses[slot] ?? 0) + 1);
}

function dropUse(uses: number[], slot: number): number {
  return (uses[slot] = (uses[slot] ?? 0) - 1);
}

function indexSource(names: readonly string[] | undefined, parts: readonly Part[]): string {
  const values = parts.map((part, index) => {
    const kind = part instanceof StringKeys ? 'string' : 'number';
    const check = `typeof v${index} !== '${kind}'${kind === 'number' ? ` || v${index} !== v${index}` : ''}`;
    return `const v${index} = key[${names === undefined ? index : JSON.stringify(names[index])}]; if (${check}) return UNLIKE;`;
  });
  const check = names === undefined ? `if (!Array.isArray(key) || key.length !== ${parts.length}) return UNLIKE;` : objectCheck(names);
  const program = (name: 'slotOf' | 'find'): string => `${name}(key) { ${check} ${values.join('\n')} return ${slotSource(parts, name)}; },`;
  return [
    ...parts.map((_, index) => `const part${index} = parts[${index}], pairs${index} = pairs[${index}];`),
    `return { ${program('slotOf')} ${program('find')} };`,
  ].join('\n');
}

function slotSource(parts: readonly Part[], name: 'slotOf' | 'find'): string {
  return parts.reduce((before, _, index) => {
    const part = `part${index}.${name}(v${index})`;
    return index === 0 ? part : `pairs${index - 1}.${name}(${before}, ${part})`;
  }, '');
}

/** The same properties, in any order, as keys are equal. None is missing when there are as many. */
function objectCheck(names: readonly string[]): string {
  const tests = names.map((name) => `name === ${JSON.stringify(name)}`).join(' || ');
  return [
    'if (Object.getPrototypeOf(key) !== Object.prototype) return UNLIKE;',
    'let at = 0;',
    `for (const name in key) { if (!(${tests})) return UNLIKE; at++; }`,
    `if (at !== ${names.length}) return UNLIKE;`,
  ].join('\n');
}
