import { expect } from 'chai';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useTempDirectory } from '../../support/temp-directory.js';
import { Installation } from './command-line.js';
import { ENDLESS, FAILING, HELLO } from './programs.js';

describe('programs without a cluster', function () {
  this.timeout(60_000);
  const directory = useTempDirectory();

  // Inside, so that what it leaves is looked at before the directory is removed.
  describe('', () => {
    let installation: Installation;

    beforeEach(async () => {
      installation = await Installation.create(directory.path);
    });
    afterEach(() => {
      expect(readdirSync(join(directory.path, 'tmp'))).to.deep.equal([]);
    });

    it('run in the process of the command, which prints what they print', async () => {
      const { code, out, err } = await installation.flink('run', '-p', '2', installation.program('hello.ts', HELLO));
      expect({ code, err }).to.deep.equal({ code: 0, err: '' });
      expect(out.match(/\(\w+,\d\)/g)?.toSorted()).to.deep.equal(['(be,1)', '(be,2)', '(not,1)', '(or,1)', '(to,1)', '(to,2)']);
      expect(out).to.include('Program execution finished\n');
    });

    it('get the arguments that follow the file, and the exported function that -c names', async () => {
      const program = installation.program(
        'arguments.ts',
        `import { StreamExecutionEnvironment } from 'flink-ts';
      export async function start(): Promise<void> {
        const env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.fromElements(...process.argv.slice(2)).map((word) => word.toUpperCase()).print();
        await env.execute();
      }`,
      );
      const { code, out } = await installation.flink('run', '-c', 'start', program, '-p', '--verbose', 'c');
      expect(code).to.equal(0);
      expect(out).to.include('-P\n--VERBOSE\nC\n');
      const unknown = await installation.flink('run', '-c', 'begin', program);
      expect(unknown.code).to.equal(1);
      expect(unknown.err).to.include('begin').and.include('start');
    });

    it('have as many slots as the widest operator asks for', async () => {
      const program = installation.program(
        'wide.ts',
        `import { StreamExecutionEnvironment } from 'flink-ts';
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      env.fromSequence(1, 10).map((n) => n * n).setParallelism(3).print();
      await env.execute();`,
      );
      const { code, out } = await installation.flink('run', program);
      expect(code).to.equal(0);
      expect(out.match(/\b\d+$/gm)).to.include('100');
    });

    it('run several jobs in turn, with the results of earlier ones', async () => {
      const program = installation.program(
        'several.ts',
        `import { StreamExecutionEnvironment } from 'flink-ts';
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      const stamp = await env.once(() => 41 + 1);
      const first = env.fromElements(1, 2, 3).map((n) => n * 10).collectAsync();
      await env.executeAsync('first');
      let sum = 0;
      for await (const n of first) sum += n;
      env.fromElements('sum').map((text) => text + ' ' + (sum + stamp)).print();
      await env.execute('second');`,
      );
      const { code, out, err } = await installation.flink('run', program);
      expect(code, err).to.equal(0);
      expect(out).to.include('sum 102\n');
    });

    it('end with the error of the program and its line', async () => {
      const { code, err } = await installation.flink('run', installation.program('failing.ts', FAILING));
      expect(code).to.equal(1);
      expect(err).to.match(
        /^RangeError: value 2 is out of range\n {2}at failing\.ts:10:\d+, operator ".*" \(1\/1\), job [0-9a-f]{32}\n {2}.+\n$/,
      );
    });

    it('are told when they do not compile, throw at load, or have no job', async () => {
      const cases: readonly (readonly [text: string, first: RegExp])[] = [
        ['const a = ;\n', /^broken\.ts:1:11: Unexpected ";"\n/],
        ["import x from 'no-such-package';\nx();\n", /^broken\.ts:1:15: Could not resolve "no-such-package"\n/],
        ["const nothing: { a?: { b: number } } = {};\n\nnothing.a!.b++;\nimport 'flink-ts';", /^TypeError: .*\n {2}at broken\.ts:3:\d+\n/],
        [
          "import 'flink-ts';\n",
          /^The program didn't contain a Flink job\. Perhaps you forgot to call execute\(\) on the execution environment\.\n/,
        ],
      ];
      for (const [text, first] of cases) {
        const { code, err } = await installation.flink('run', installation.program('broken.ts', text));
        expect(code).to.equal(1);
        expect(err).to.match(first);
        expect(err.trim().split('\n').length).to.be.at.most(3);
      }
    });

    it('are cancelled by Ctrl-C, and the command ends with 130', async () => {
      const command = installation.start('flink-ts', 'run', installation.program('endless.ts', ENDLESS));
      await command.wrote('Job has been submitted');
      command.child.kill('SIGINT');
      const { code, err } = await command.finished;
      expect(code).to.equal(130);
      expect(err).to.match(/^Job [0-9a-f]{32} is cancelled\.\n$/);
    });

    it('are shown as a plan by info', async () => {
      const { code, out } = await installation.flink('info', '-p', '3', installation.program('hello.ts', HELLO));
      expect(code).to.equal(0);
      const lines = out.split('\n');
      expect(lines[0]).to.equal('----------------------- Execution Plan -----------------------');
      const plan = JSON.parse(lines[1] ?? '') as { nodes: { parallelism: number }[] };
      expect(plan.nodes.at(-1)).to.include({ parallelism: 3 });
      expect(lines.slice(2)).to.deep.equal([
        '--------------------------------------------------------------',
        '',
        'No description provided.',
        '',
      ]);
    });

    it('run by node itself, too', async () => {
      const packages = join(directory.path, 'node_modules');
      mkdirSync(packages);
      symlinkSync(fileURLToPath(new URL('../../../..', import.meta.url)), join(packages, 'flink-ts'));
      writeFileSync(join(directory.path, 'package.json'), '{"type":"module"}');
      const program = installation.program(
        'self.js',
        `import { StreamExecutionEnvironment } from 'flink-ts';
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      env.setParallelism(2);
      const chance = Math.random();
      env.fromElements('a', 'b').map((word) => word + (chance === Number(process.argv[2] ?? chance))).print();
      await env.execute();
      console.log('done');`,
      );
      const { code, out, err } = await installation.node(program);
      expect({ code, err }).to.deep.equal({ code: 0, err: '' });
      expect(out).to.include('atrue').and.include('btrue').and.include('done');
    });
  });
});
