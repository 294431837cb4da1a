import { expect } from 'chai';
import {
  boolean,
  double,
  durationMs,
  durationOrInfinite,
  durationOrNever,
  durationSeconds,
  formatMemorySize,
  int,
  intFrom,
  intList,
  keyValueMap,
  long,
  memoryMegabytes,
  memoryMegabytesOrUnset,
  memorySize,
  oneOf,
  pathList,
  port,
  portOrOff,
  portRanges,
  portsOf,
  stringList,
  type OptionType,
} from '#conf';

function expectParses<T>(type: OptionType<T>, cases: Readonly<Record<string, T>>): void {
  for (const [text, value] of Object.entries(cases)) expect(type.parse(text), text).to.deep.equal(value);
}

function expectRefuses<T>(type: OptionType<T>, ...texts: readonly string[]): void {
  for (const text of texts) expect(type.parse(text), text).to.equal(undefined);
}

const MIB = 1024 * 1024;

describe('option types', () => {
  it('read booleans in any case', () => {
    expectParses(boolean, { true: true, FALSE: false });
    expectRefuses(boolean, 'yes', '1', '');
  });

  it('read numbers, and refuse what they cannot hold', () => {
    expectParses(int, { '5': 5, '-1': -1, '+7': 7, '2147483647': 2_147_483_647 });
    expectRefuses(int, '2147483648', '1.5', '1e3', '0x10', '');
    expectParses(long, { '9007199254740991': Number.MAX_SAFE_INTEGER });
    expectRefuses(long, '9007199254740993');
    expectParses(double, { '0.7': 0.7, '.5': 0.5, '1e-3': 0.001, '3': 3 });
    expectRefuses(double, 'NaN', 'abc', '');
    expectRefuses(intFrom(1), '0');
    expect(intFrom(1).expected).to.contain('at least 1');
  });

  it('read ports', () => {
    expectParses(port, { '0': 0, '65535': 65_535 });
    expectRefuses(port, '-1', '65536');
    expectParses(portOrOff, { '-1': -1, '8081': 8081 });
  });

  it('read sizes with binary units', () => {
    expectParses(memorySize, {
      '32768': 32_768,
      '64mb': 64 * MIB,
      '1g': 1024 * MIB,
      '1 gb': 1024 * MIB,
      '10485760b': 10_485_760,
      '2 KIBIBYTES': 2048,
      '1t': MIB * MIB,
    });
    expectRefuses(memorySize, '-1', '1.5g', '64 parsecs', 'mb', '');
  });

  it('read plain numbers as megabytes where Flink 1.4 does', () => {
    expectParses(memoryMegabytes, { '1024': 1024 * MIB, '1g': 1024 * MIB });
    expectParses(memoryMegabytesOrUnset, { '-1': -1, '80': 80 * MIB });
    expectRefuses(memoryMegabytes, '-1');
  });

  it('write sizes with the largest whole unit', () => {
    expect([0, 1000, 2048, 64 * MIB, 1024 * MIB].map(formatMemorySize)).to.deep.equal(['0b', '1000b', '2kb', '64mb', '1gb']);
  });

  it('read durations with units, ISO 8601 and plain milliseconds', () => {
    expectParses(durationMs, {
      '10 s': 10_000,
      '5 min': 300_000,
      '5m': 300_000,
      '100ms': 100,
      '250': 250,
      '1 d': 86_400_000,
      '2 hours': 7_200_000,
      '500 µs': 0.5,
      '1.5 s': 1500,
      PT10S: 10_000,
      P1DT1H: 90_000_000,
      'PT0.5S': 500,
    });
    expectRefuses(durationMs, '10 lightyears', 'P', 'PT', '-1', '');
  });

  it('read special durations', () => {
    expectParses(durationSeconds, { '3600': 3_600_000, '5 ms': 5 });
    expectParses(durationOrInfinite, { Inf: Number.POSITIVE_INFINITY, inf: Number.POSITIVE_INFINITY, '5 min': 300_000 });
    expectParses(durationOrNever, { '-1': -1, '0': 0, '100 ms': 100 });
  });

  it('read ports, lists, ranges and mixtures, and try them in turn', () => {
    expectParses(portRanges, {
      '50100': [{ first: 50_100, last: 50_100 }],
      '50100, 50102-50104': [
        { first: 50_100, last: 50_100 },
        { first: 50_102, last: 50_104 },
      ],
    });
    expectRefuses(portRanges, '', '50200-50100', '70000', '1,,2', 'a-b');
    expect([...portsOf(portRanges.parse('5,7-9') ?? [])]).to.deep.equal([5, 7, 8, 9]);
  });

  it('read lists, also as YAML writes them', () => {
    expectParses(stringList, { 'a, b;c': ['a', 'b', 'c'], '["a","b"]': ['a', 'b'], '[a, b]': ['a', 'b'], '': [] });
    expectParses(pathList, { '/a,/b': ['/a', '/b'] });
    expectParses(intList, { '1, 2': [1, 2] });
    expectRefuses(intList, '1,x');
  });

  it('keep a directory that is listed twice', () => {
    expectParses(pathList, { '/a,/a,/b': ['/a', '/a', '/b'] });
  });

  it('read words whatever their case, and name the words they know', () => {
    const type = oneOf('child-first', 'parent-first');
    expectParses(type, { CHILD_FIRST: 'child-first', 'parent-first': 'parent-first' });
    expectRefuses(type, 'first-child');
    expect(type.expected).to.equal('one of "child-first", "parent-first"');
  });

  it('read maps', () => {
    expectParses(keyValueMap, { 'a:1, b:x:y': { a: '1', b: 'x:y' }, '': {}, '{a: 1}': { a: '1' } });
    expectRefuses(keyValueMap, 'a');
  });
});
