import { expect } from 'chai';
import { formatRecord } from '#api';

describe('formatRecord', () => {
  const cases: readonly (readonly [unknown, string])[] = [
    ['to be', 'to be'],
    [12.5, '12.5'],
    [10n, '10'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [['be', 2], '(be,2)'],
    [['be', [1, 'x']], '(be,(1,x))'],
    [[], '()'],
    [{ word: 'be', count: 2 }, '{"word":"be","count":2}'],
    [['be', { count: 2 }], '(be,{"count":2})'],
    [{ quote: 'say "be"\n' }, '{"quote":"say \\"be\\"\\n"}'],
    [
      { at: new Date(0), big: 10n, not: Number.NaN, none: undefined, gone: null },
      '{"at":"1970-01-01T00:00:00.000Z","big":10,"not":"NaN","none":null,"gone":null}',
    ],
    [{ list: [1, 'a', [2]], nested: { a: { b: 1 } } }, '{"list":[1,"a",[2]],"nested":{"a":{"b":1}}}'],
    [new Map([['a', 1]]), '{"a":1}'],
    [new Map([[1, 'a']]), '[[1,"a"]]'],
    [{ set: new Set([1, 2]), bytes: Uint8Array.of(1, 2, 3) }, '{"set":[1,2],"bytes":"AQID"}'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(Number.NaN), 'Invalid Date'],
  ];
  for (const [value, text] of cases) {
    it(`shows ${text}`, () => {
      expect(formatRecord(value)).to.equal(text);
    });
  }

  it('refuses promises, wherever they are, and says what to do', () => {
    for (const record of [Promise.resolve(1), [Promise.resolve(1)], { later: Promise.resolve(1) }]) {
      expect(() => formatRecord(record))
        .to.throw('is a promise, which cannot be sent or stored')
        .with.property('action')
        .that.includes('Answer values from functions, not promises');
    }
  });

  it('asks classes that can show themselves', () => {
    class Point {
      constructor(readonly x: number) {}
      toString(): string {
        return `at ${this.x}`;
      }
    }
    class Plain {
      constructor(readonly x: number) {}
    }
    expect(formatRecord(new Point(1))).to.equal('at 1');
    expect(formatRecord(new Plain(1))).to.equal('{"x":1}');
  });
});
