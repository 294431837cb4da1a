import { expect } from 'chai';
import { parseJavaProperties } from '#conf';

describe('Java properties', () => {
  it('separate by "=", ":" or a blank', () => {
    expect([...parseJavaProperties('a=1\nb : 2\nc 3\nd\ne==\n  f = x y ')]).to.deep.equal([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
      ['d', ''],
      ['e', '='],
      ['f', 'x y '],
    ]);
  });

  it('skip comments and blank lines, and let the last of repeated keys count', () => {
    expect([...parseJavaProperties('# x=1\n! y=2\n\na=1\na=2')]).to.deep.equal([['a', '2']]);
  });

  it('go on in the next line after an odd number of backslashes', () => {
    expect([...parseJavaProperties('a=1,\\\n   2,\\\r\n   3\nb=x\\\\\nc=y')]).to.deep.equal([
      ['a', '1,2,3'],
      ['b', 'x\\'],
      ['c', 'y'],
    ]);
  });

  it('have escapes, as the YARN properties file uses them', () => {
    expect([...parseJavaProperties('dynamicPropertiesString=a\\=b@@c\\=d\\:e\nk\\ 1=\\u0041\\t')]).to.deep.equal([
      ['dynamicPropertiesString', 'a=b@@c=d:e'],
      ['k 1', 'A\t'],
    ]);
  });
});
