import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleProgram } from '../../../session/program/bundle-program.js';
import {
  ClasspathError,
  EntryNotFoundError,
  ProgramCompileError,
  ProgramFileKindError,
  ProgramFileNotFoundError,
} from '../../../session/program/errors.js';

describe('session/program/bundle-program', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bundle-program-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  const write = async (name: string, text: string): Promise<string> => {
    const path = join(directory, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, text);
    return path;
  };
  const failureOf = async (file: string, entry?: string): Promise<unknown> =>
    await bundleProgram(file, { entry }).then(
      () => undefined,
      (error: unknown) => error,
    );
  const load = async (text: string): Promise<Record<string, unknown>> =>
    (await import(pathToFileURL(await write('bundle.mjs', text)).href)) as Record<string, unknown>;

  it('makes one module, the same for the same program, and leaves flink-ts outside', async () => {
    await write('lib.ts', 'export const one: number = 1;');
    const file = await write('job.ts', 'import { Types } from "flink-ts";\nimport { one } from "./lib.js";\nexport { one, Types };');
    const program = await bundleProgram(file);
    expect(program.text).to.include('from "flink-ts:public-entry"').and.not.include('./lib.js');
    expect(program.sha256)
      .to.match(/^[0-9a-f]{64}$/)
      .and.equal((await bundleProgram(file)).sha256);
  });

  it('takes in CommonJS packages of the program', async () => {
    await write('node_modules/shout/package.json', '{"name":"shout","version":"1.0.0","main":"main.js"}');
    await write(
      'node_modules/shout/main.js',
      'const path = require("node:path"); module.exports = (text) => path.basename(text).toUpperCase();',
    );
    const file = await write('job.ts', 'import shout from "shout";\nexport const loud: string = shout("/a/b");');
    expect(await load((await bundleProgram(file)).text)).to.include({ loud: 'B' });
  });

  it('maps errors of the program to its own lines', async () => {
    const file = await write(
      'job.ts',
      'interface Unused { a: number }\n\nexport function fail(): never {\n  throw new Error("boom");\n}\n',
    );
    const { fail } = (await load((await bundleProgram(file)).text)) as { fail: () => never };
    expect(() => fail())
      .to.throw('boom')
      .with.property('stack')
      .that.includes(`${file}:4:9`);
  });

  it('takes its own version of a package, or that of flink-ts', async () => {
    await write('node_modules/yaml/package.json', '{"name":"yaml","version":"0.0.1","main":"main.js"}');
    await write('node_modules/yaml/main.js', 'exports.parse = () => "own";');
    const file = await write('job.ts', 'import { parse } from "yaml";\nexport const answer: unknown = parse("a: 1");');
    expect(await load((await bundleProgram(file, { resolveOrder: 'child-first' })).text)).to.include({ answer: 'own' });
    const { text } = await bundleProgram(file, { resolveOrder: 'parent-first' });
    expect(await import(pathToFileURL(await write('parent-first.mjs', text)).href)).to.deep.include({ answer: { a: 1 } });
  });

  it('finds modules in the directories of the class path', async () => {
    await write('more/extra.js', 'export const extra = 7;');
    const file = await write('program/job.ts', 'export { extra } from "extra";');
    const { text } = await bundleProgram(file, { classpath: [pathToFileURL(join(directory, 'more')).href] });
    expect(await load(text)).to.include({ extra: 7 });
    const refused = await bundleProgram(file, { classpath: ['http://host/x.js'] }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(ClasspathError).with.property('message').that.includes('Bad syntax for classpath: http://host/x.js');
  });

  it('names file, line and column of what does not compile', async () => {
    const error = await failureOf(await write('job.ts', 'const a = 1;\nconst b = = 2;\n'));
    expect(error).to.be.instanceOf(ProgramCompileError);
    expect((error as Error).message).to.match(/job\.ts:2:11: Unexpected "="$/);
  });

  it('names a package that is missing', async () => {
    const error = await failureOf(await write('job.ts', 'import x from "no-such-package";\nx();\n'));
    expect((error as Error).message).to.match(/job\.ts:1:15: Could not resolve "no-such-package"$/);
  });

  it('refuses a program that does not export its entry, before any of it has run', async () => {
    const job = await write('job.ts', 'export function count() {}\nexport interface Other {}\nthrow new Error("it ran");\n');
    expect(await failureOf(job, 'count')).to.equal(undefined);
    const error = await failureOf(job, 'Other');
    expect(error).to.be.instanceOf(EntryNotFoundError).with.property('action', 'It exports "count".');
    expect(await failureOf(await write('again.ts', 'export * from "./job.js";\n'), 'count')).to.equal(undefined);
    expect(await failureOf(await write('far.ts', 'export * from "node:fs";\n'), 'readFileSync')).to.equal(undefined);
  });

  it('refuses what is not there, and what is no program', async () => {
    expect(await failureOf('nofile.jar'))
      .to.be.instanceOf(ProgramFileNotFoundError)
      .with.property('message', 'JAR file does not exist: nofile.jar');
    expect(await failureOf(join(directory, 'none.ts'))).to.be.instanceOf(ProgramFileNotFoundError);
    expect(await failureOf(directory)).to.be.instanceOf(ProgramFileKindError);
    expect(await failureOf(await write('job.jar', ''))).to.be.instanceOf(ProgramFileKindError);
    expect(await failureOf(await write('data.txt', ''))).to.be.instanceOf(ProgramFileKindError);
  });
});
