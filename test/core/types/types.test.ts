import { expect } from 'chai';
import fc from 'fast-check';
import { InvalidTypeError, type TypeInfo, Types, typeFromJson, typeName, typesEqual, typeToJson, type ValueOf } from '#core';
import { anyType } from '../codec/arbitrary-records.js';

class Account {
  constructor(
    readonly id: number,
    readonly owner?: string,
  ) {}
}

/** Compiles only when the two types are the same. */
function sameType<A, B>(_proof: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false): void {}

describe('Types', () => {
  it('tells the checker which values a type describes', () => {
    const order = Types.object({
      id: Types.long,
      tags: Types.array(Types.string),
      note: Types.nullable(Types.string),
      at: Types.optional(Types.date),
      pair: Types.tuple(Types.string, Types.int),
    });
    sameType<ValueOf<typeof order>, { id: number; tags: string[]; note: string | null | undefined; pair: [string, number]; at?: Date }>(
      true,
    );
    const account = Types.pojo(Account, { fields: { id: Types.long, owner: Types.string } });
    sameType<ValueOf<typeof account>, Account>(true);
    const prices = Types.map(Types.string, Types.bigint);
    sameType<ValueOf<typeof prices>, Map<string, bigint>>(true);
    expect(typeName(order)).to.equal('{ id: Long, tags: Array<String>, note: String | null, at?: Date, pair: Tuple2<String, Integer> }');
    expect(typeName(account)).to.equal('Account');
    expect(typeName(prices)).to.equal('Map<String, BigInt>');
  });

  it('refuses what cannot be a type', () => {
    const fields = JSON.parse('{"__proto__": {"kind": "int"}}') as Record<string, TypeInfo>;
    expect(() => Types.object(fields)).to.throw(InvalidTypeError, '"__proto__"');
    for (const json of [null, 3, {}, { kind: 'enum' }, { kind: 'tuple' }, { kind: 'object', fields: [{}] }]) {
      expect(() => typeFromJson(json)).to.throw(InvalidTypeError);
    }
  });

  it('survive the way through JSON', () => {
    fc.assert(
      fc.property(anyType, (type) => {
        const back = typeFromJson(JSON.parse(JSON.stringify(typeToJson(type))));
        expect(typesEqual(type, back)).to.equal(true);
        expect(typeName(back)).to.equal(typeName(type));
      }),
    );
  });

  it('are equal only when they are the same', () => {
    fc.assert(
      fc.property(anyType, anyType, (a, b) => {
        expect(typesEqual(a, a)).to.equal(true);
        expect(typesEqual(a, b)).to.equal(JSON.stringify(typeToJson(a)) === JSON.stringify(typeToJson(b)));
      }),
    );
  });
});
