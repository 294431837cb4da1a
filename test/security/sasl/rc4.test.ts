import { expect } from 'chai';
import { Rc4 } from '../../../security/sasl/rc4.js';

/** Known pairs of key, plain text and cipher text. */
const VECTORS = [
  ['Key', 'Plaintext', 'bbf316e8d940af0ad3'],
  ['Wiki', 'pedia', '1021bf0420'],
  ['Secret', 'Attack at dawn', '45a01f645fc35b383552544b9bf5'],
] as const;

describe('Rc4', () => {
  for (const [key, plain, cipher] of VECTORS) {
    it(`enciphers "${plain}"`, () => {
      expect(new Rc4(Buffer.from(key)).apply(Buffer.from(plain)).toString('hex')).to.equal(cipher);
    });
  }

  it('runs on from message to message', () => {
    const whole = new Rc4(Buffer.from('Key')).apply(Buffer.from('Plaintext'));
    const parts = new Rc4(Buffer.from('Key'));
    const pieces = ['Pl', 'ain', 'text'].map((piece) => parts.apply(Buffer.from(piece)));
    expect(Buffer.concat(pieces).equals(whole)).to.equal(true);
  });
});
