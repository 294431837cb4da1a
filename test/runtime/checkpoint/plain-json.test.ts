import { expect } from 'chai';
import { plainJson } from '../../../runtime/checkpoint/plain-json.js';

describe('plainJson', () => {
  it('shows what JSON cannot carry', () => {
    const value = {
      text: 'a',
      many: [1, true, null, undefined],
      big: 2n ** 70n,
      none: Number.NaN,
      when: new Date(0),
      map: new Map([[1, new Set(['a'])]]),
      bytes: Uint8Array.of(1, 2),
    };
    expect(JSON.parse(JSON.stringify(plainJson(value)))).to.deep.equal({
      text: 'a',
      many: [1, true, null, { $undefined: true }],
      big: { $bigint: '1180591620717411303424' },
      none: { $number: 'NaN' },
      when: { $date: '1970-01-01T00:00:00.000Z' },
      map: { $map: [[1, { $set: ['a'] }]] },
      bytes: { $bytes: 'AQI=' },
    });
  });
});
