import { expect } from 'chai';
import fc from 'fast-check';
import { parseJavaProperties } from '#conf';
import { javaDate, writeJavaProperties } from '../../../../../session/yarn/client/properties-file/write-java-properties.js';

describe('session/yarn/client/properties-file/write-java-properties', () => {
  it('escapes as java.util.Properties does', () => {
    const properties = new Map([
      ['a b', ' x = y: #!'],
      ['tab', '\t\n\r\f\\'],
      ['ü', '€ 😀'],
    ]);
    expect(writeJavaProperties(properties, ['note'])).to.equal(
      '#note\na\\ b=\\ x \\= y\\: \\#\\!\ntab=\\t\\n\\r\\f\\\\\n\\u00FC=\\u20AC \\uD83D\\uDE00\n',
    );
  });

  it('is read back as it was, whatever the texts', () => {
    const texts = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(texts, texts), { selector: ([key]) => key }), (entries) => {
        const read = parseJavaProperties(writeJavaProperties(new Map(entries), ['c']));
        expect([...read]).to.deep.equal(entries);
      }),
    );
  });

  it('writes a time as Java does', () => {
    expect(javaDate(Date.UTC(2017, 10, 28, 4, 0, 9))).to.equal('Tue Nov 28 04:00:09 UTC 2017');
  });
});
