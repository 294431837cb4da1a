import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseJavaProperties } from '#conf';
import { writeJavaProperties } from '../../../session/yarn/client/properties-file/write-java-properties.js';
import { useTempDirectory } from '../../support/temp-directory.js';

/** Reads properties and writes them: `key=value` in hexadecimal UTF-16 on its output, and the file anew. */
const PROGRAM = `
import java.io.*;
import java.nio.file.*;
import java.util.*;
public class Oracle {
  static String hex(String text) {
    StringBuilder out = new StringBuilder();
    for (char c : text.toCharArray()) out.append(String.format("%04x", (int) c));
    return out.toString();
  }
  public static void main(String[] args) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(Path.of(args[0]))) { properties.load(in); }
    for (String name : properties.stringPropertyNames()) System.out.println(hex(name) + "=" + hex(properties.getProperty(name)));
    try (OutputStream out = Files.newOutputStream(Path.of(args[1]))) { properties.store(out, "Generated YARN properties file"); }
  }
}
`;

describe('YARN properties files and java.util.Properties', function () {
  this.timeout(60_000);
  const directory = useTempDirectory();

  function fromHex(text: string): string {
    return String.fromCharCode(...(text.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16)));
  }

  it('read each other', () => {
    const [program, ours, theirs] = ['Oracle.java', 'ours.properties', 'theirs.properties'].map((name) => join(directory.path, name));
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    const samples = fc.sample(fc.uniqueArray(fc.tuple(text, text), { selector: ([key]) => key, maxLength: 400, minLength: 200 }), {
      numRuns: 1,
      seed: 7,
    });
    const properties = new Map([...(samples[0] ?? []), ['dynamicPropertiesString', 'a=b@@c=hdfs://nn:9000/#x ! y'] as const]);
    writeFileSync(program ?? '', PROGRAM);
    writeFileSync(ours ?? '', writeJavaProperties(properties, ['Generated YARN properties file']), 'latin1');
    const output = execFileSync('java', [program ?? '', ours ?? '', theirs ?? ''], { encoding: 'utf8' });
    const read = output
      .trim()
      .split('\n')
      .map((line) => line.split('=').map(fromHex) as [string, string]);
    expect(new Map(read)).to.deep.equal(properties);
    const back = parseJavaProperties(readFileSync(theirs ?? '', 'latin1'));
    expect(new Map([...back].sort())).to.deep.equal(new Map([...properties].sort()));
  });
});
