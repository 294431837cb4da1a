import { expect } from 'chai';
import fc from 'fast-check';
import { readCredentials, writeCredentials } from '../../../../session/yarn/rpc/credentials.js';
import { CredentialsFormatError } from '../../../../session/yarn/rpc/errors.js';

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
const token = fc.record({ identifier: bytes, password: bytes, kind: fc.string(), service: fc.string({ unit: 'grapheme' }) });
const credentials = fc.record({
  tokens: fc.array(fc.record({ alias: fc.string(), token }), { maxLength: 3 }),
  secrets: fc.array(fc.record({ alias: fc.string(), secret: bytes }), { maxLength: 3 }),
});

describe('credentials', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(credentials, (written) => {
        expect(readCredentials(writeCredentials(written))).to.deep.equal(written);
      }),
    );
  });

  it('are written as Hadoop writes them', () => {
    const written = writeCredentials({
      tokens: [
        { alias: 'a', token: { identifier: Buffer.from([1, 2]), password: Buffer.from([3]), kind: 'YARN_AM_RM_TOKEN', service: '' } },
      ],
      secrets: [{ alias: 's', secret: Buffer.from('x') }],
    });
    expect(written.toString('latin1')).to.equal('HDTS\0\x01\x01a\x02\x01\x02\x01\x03\x10YARN_AM_RM_TOKEN\0\x01\x01s\x01x');
  });

  it('are refused when they are something else, another version, or cut short', () => {
    expect(() => readCredentials(Buffer.from('PK\x03\x04\0'))).to.throw(CredentialsFormatError, 'does not begin with "HDTS"');
    expect(() => readCredentials(Buffer.from('HDTS\x01'))).to.throw(CredentialsFormatError, 'its version is 1');
    expect(() => readCredentials(Buffer.from('HDTS\0\x01\x01a'))).to.throw(CredentialsFormatError, 'it ends at byte');
  });
});
