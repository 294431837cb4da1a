import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, command } from './recorded-terminal.js';

const HINT = 'Use the help option (-h or --help) to get help on the command.';

describe('cli/main', () => {
  const before = process.env['FLINK_CONF_DIR'];
  const temporary = process.env['TMPDIR'];
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cli-main-'));
    await writeFile(join(directory, 'flink-conf.yaml'), 'web.port: 1\nparallelism.default: 3\n');
    process.env['FLINK_CONF_DIR'] = directory;
    // A session that this user has on YARN is noted in the directory for temporary files.
    process.env['TMPDIR'] = directory;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env['FLINK_CONF_DIR'];
    else process.env['FLINK_CONF_DIR'] = before;
    if (temporary === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = temporary;
    await rm(directory, { recursive: true });
  });

  const expectUsageError = (outcome: Outcome, message: string): void => {
    expect(outcome).to.deep.equal({ code: 1, out: [message, '', HINT], err: [] });
  };

  it('shows the whole help when no action is given', async () => {
    const { code, out } = await command();
    expect(code).to.equal(1);
    expect(out[0]).to.equal('./flink-ts <ACTION> [OPTIONS] [ARGUMENTS]');
    expect(out.at(-1)).to.equal('Please specify an action.');
  });

  it('shows help on request, of everything or of one action', async () => {
    const all = await command('--help');
    expect(all.code).to.equal(0);
    for (const action of ['run', 'info', 'list', 'stop', 'cancel', 'savepoint', 'checkpoint', 'config']) {
      expect(all.out.join('\n')).to.include(`Action "${action}"`);
    }
    const one = await command('list', '-h');
    expect(one.code).to.equal(0);
    expect(one.out.join('\n')).to.include('-r,--running').and.not.include('Action "run"');
    expect(Math.max(...all.out.map((line) => line.length))).to.be.at.most(120);
  });

  it('tells its version', async () => {
    const { code, out } = await command('-v');
    expect(code).to.equal(0);
    expect(out[0]).to.match(/^Version: \d+\.\d+\.\d+, Commit ID: \w+$/);
    expect(await command('--version')).to.deep.equal({ code, out, err: [] });
  });

  it('refuses an action that there is not', async () => {
    const { code, out } = await command('foo');
    expect(code).to.equal(1);
    expect(out.slice(0, 3)).to.deep.equal([
      '"foo" is not a valid action.',
      '',
      'Valid actions are "run", "run-application", "info", "list", "stop", "cancel", "savepoint", "checkpoint", "config", ' +
        'or "yarn-session".',
    ]);
  });

  it('guesses what a mistyped action was to be', async () => {
    expect((await command('cancle')).out[0]).to.equal('"cancle" is not a valid action. Did you mean "cancel"?');
    expect((await command('rnu')).out[0]).to.equal('"rnu" is not a valid action. Did you mean "run"?');
  });

  it("refuses malformed arguments in the words of Flink's client", async () => {
    expectUsageError(await command('list', '-q'), 'Unrecognized option: -q');
    expectUsageError(
      await command('run'),
      'The program JAR file was not specified: give the program file, TypeScript or JavaScript, after the options.',
    );
    expectUsageError(await command('run', '-p', 'x', 'job.ts'), 'The parallelism must be a positive number: x');
    expectUsageError(await command('run', '-p'), 'Missing argument for option: p');
    expectUsageError(await command('run', 'nofile.jar'), 'JAR file does not exist: nofile.jar');
    expectUsageError(await command('info', 'nofile.jar'), 'JAR file does not exist: nofile.jar');
    expectUsageError(await command('cancel'), 'Missing JobID. Specify a JobID to cancel a job.');
    expectUsageError(await command('list', '-m', 'nowhere'), 'The JobManager address must be "host:port", not "nowhere"');
    expectUsageError(
      await command('cancel', 'abc'),
      'Cannot parse JobID from "abc". The expected format is [0-9a-fA-F]{32}, e.g. fd72014d4c864993a2e5a9287b4a9c5d.',
    );
  });

  it('says in two lines that no cluster answers, with the address', async () => {
    const { code, err } = await command('list', '-m', 'localhost:1');
    expect(code).to.equal(1);
    expect(err).to.have.lengthOf(2);
    expect(err[0]).to.equal('no JobManager answers at localhost:1: connection refused');
  });

  it('says what is missing when no address is known', async () => {
    const { code, err } = await command('list');
    expect(code).to.equal(1);
    expect(err[0]).to.equal('The JobManager address is neither provided at the command-line, nor configured in flink-conf.yaml.');
    expect(err[1]).to.include('localhost:1');
  });

  it('takes an address from the configuration, and -D over it', async () => {
    await writeFile(join(directory, 'flink-conf.yaml'), 'jobmanager.rpc.address: 127.0.0.1\nrest.port: 2\n');
    expect((await command('list')).err[0]).to.include('127.0.0.1:2');
    expect((await command('list', '-Drest.port=3')).err[0]).to.include('127.0.0.1:3');
  });

  it('refuses a target that there is not', async () => {
    expect((await command('list', '-t', 'kubernetes-session')).err[0]).to.include('No ClusterClientFactory found');
    expect((await command('list', '-t', 'yarn-session')).out[0]).to.include('No YARN session is known');
  });

  it('explains options, with the place where they are set', async () => {
    const { code, out } = await command('config', 'explain', 'parallelism.default');
    expect(code).to.equal(0);
    expect(out.join('\n'))
      .to.include('value:         3')
      .and.include(`${join(directory, 'flink-conf.yaml')}:2`);
    expect((await command('config', 'explain', 'paralelism.default')).err.join('\n')).to.include('parallelism.default');
    expectUsageError(await command('config'), 'Specify what to do: "config explain <key>".');
  });

  it('ends with 31 when the configuration cannot be read', async () => {
    process.env['FLINK_CONF_DIR'] = join(directory, 'missing');
    const { code, err } = await command('list');
    expect(code).to.equal(31);
    expect(err[0]).to.include('FLINK_CONF_DIR');
  });

  it('warns of what is wrong in the configuration, and goes on', async () => {
    await writeFile(join(directory, 'flink-conf.yaml'), 'broken line\nrest.port: 1\n');
    const { err } = await command('list');
    expect(err[0]).to.match(/^Warning: .*flink-conf\.yaml:1/);
  });
});
