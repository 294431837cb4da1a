import { expect } from 'chai';
import fc from 'fast-check';
import { CredentialsFormatError } from '../../../../session/yarn/rpc/errors.js';
import { vlongBytes, WritableReader } from '../../../../session/yarn/rpc/vint.js';

describe('vint', () => {
  it('writes what Hadoop writes', () => {
    const written = [0n, 127n, -112n, 128n, -113n, 255n, 256n, -256n, -257n, 2n ** 63n - 1n, -(2n ** 63n)].map((value) =>
      vlongBytes(value).toString('hex'),
    );
    expect(written).to.deep.equal([
      '00',
      '7f',
      '90',
      '8f80',
      '8770',
      '8fff',
      '8e0100',
      '87ff',
      '860100',
      '887fffffffffffffff',
      '807fffffffffffffff',
    ]);
  });

  it('reads any 64-bit number back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const reader = new WritableReader(vlongBytes(value));
        expect(reader.vlong()).to.equal(value);
        expect(reader.atEnd).to.equal(true);
      }),
    );
  });

  it('says where bytes end too soon, and what is no length', () => {
    expect(() => new WritableReader(Buffer.from([0x8f])).vlong()).to.throw(CredentialsFormatError, 'it ends at byte 1, 2 are needed');
    expect(() => new WritableReader(Buffer.from([5, 1])).block()).to.throw(CredentialsFormatError);
    expect(() => new WritableReader(vlongBytes(-1n)).count()).to.throw(CredentialsFormatError, '-1 is not a possible length');
  });
});
