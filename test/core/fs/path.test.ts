import { expect } from 'chai';
import fc from 'fast-check';
import { fromFileUri, InvalidPathError, joinPath, normalisePath, parentPath, pathName, splitPath, toFileUri } from '#core';

describe('paths', () => {
  it('are split into scheme, authority and steps', () => {
    expect(splitPath('hdfs://nn:9000/a/b')).to.deep.equal({ scheme: 'hdfs', authority: 'nn:9000', path: '/a/b' });
    expect(splitPath('file:///a')).to.deep.equal({ scheme: 'file', authority: '', path: '/a' });
    expect(splitPath('file:/a')).to.deep.equal({ scheme: 'file', authority: '', path: '/a' });
    expect(splitPath('hdfs://ns1')).to.deep.equal({ scheme: 'hdfs', authority: 'ns1', path: '/' });
    for (const path of ['/a:b', 'a/b', '10:30.txt', 'C:/x', 'ab:c', '']) {
      expect(splitPath(path)).to.deep.equal({ scheme: undefined, authority: '', path });
    }
  });

  it('lose what says nothing', () => {
    expect(normalisePath('file:///a//b/./c/../d/')).to.equal('file:///a/b/d');
    expect(normalisePath('hdfs://nn/../..')).to.equal('hdfs://nn/');
    expect(normalisePath('../a/../../b')).to.equal('../../b');
    expect(normalisePath('file:/a b%20#c')).to.equal('file:///a b%20#c');
  });

  it('are joined and taken apart', () => {
    expect(joinPath('hdfs://nn', 'a', 'b/c')).to.equal('hdfs://nn/a/b/c');
    expect(joinPath('file:///', 'a')).to.equal('file:///a');
    expect(parentPath('file:///a/b')).to.equal('file:///a');
    expect(parentPath('file:///')).to.equal('file:///');
    expect(pathName('file:///a/b.txt/')).to.equal('b.txt');
    expect(pathName('hdfs://nn/')).to.equal('');
    const name = fc.stringMatching(/^[a-zA-Z0-9 %#:]{1,8}$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const path = joinPath('hdfs://nn:1', ...names);
        expect(pathName(path)).to.equal(names.at(-1));
        expect(joinPath(parentPath(path), pathName(path))).to.equal(path);
      }),
    );
  });

  it('of this machine become file URIs and come back', () => {
    expect(toFileUri('/tmp/a b')).to.equal('file:///tmp/a b');
    expect(toFileUri('x/../y', '/somewhere/u')).to.equal('file:///somewhere/u/y');
    expect(toFileUri('C:\\data\\in.txt')).to.equal('file:///C:/data/in.txt');
    expect(toFileUri('in.txt', 'C:\\data')).to.equal('file:///C:/data/in.txt');
    expect(fromFileUri('file:///C:/data/in.txt')).to.equal('C:/data/in.txt');
    expect(fromFileUri('file:///tmp/a b')).to.equal('/tmp/a b');
    expect(fromFileUri('file://localhost/x')).to.equal('/x');
  });

  it('with a slash too few get a hint', () => {
    expect(() => fromFileUri('file://tmp/x')).to.throw(
      InvalidPathError,
      "Found local file path with authority 'tmp' in path 'file://tmp/x'. Hint: Did you forget a slash? (correct path would be 'file:///tmp/x')",
    );
    expect(() => fromFileUri('hdfs://nn/x')).to.throw(InvalidPathError);
  });
});
