import { expect } from 'chai';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { useTempDirectory } from '../../support/temp-directory.js';
import { type Finished, Installation } from './command-line.js';
import { CLUMSY } from './programs.js';

const TOTALS = Array.from({ length: 20 }, (_, key) => `total ${key} ${398_000 + 200 * key}`);

/** Local runs of a program that keeps state, with something wrong about what it begins from or about the program. */
describe('a job that meets bad input', function () {
  this.timeout(120_000);
  const directory = useTempDirectory();
  let installation: Installation;
  let program: string;
  let checkpoints: string;

  beforeEach(async () => {
    checkpoints = join(directory.path, 'checkpoints');
    installation = await Installation.create(directory.path, {
      'state.checkpoints.dir': `file://${checkpoints}`,
      'state.backend.fs.memory-threshold': '0',
      'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION',
      'restart-strategy': 'none',
    });
    program = installation.program('clumsy.ts', CLUMSY);
  });

  const run = async (fault: string, ...options: string[]): Promise<Finished> =>
    await installation.flink('run', ...options, program, fault, checkpoints);

  /** The one before it may be there still, with some of its files deleted. */
  const latestIn = (root: string): string => {
    const job = join(root, readdirSync(root)[0]!);
    const complete = readdirSync(job).filter((name) => name.startsWith('chk-') && existsSync(join(job, name, '_metadata')));
    return join(job, complete.sort((a, b) => Number(b.slice(4)) - Number(a.slice(4)))[0]!);
  };

  /** A checkpoint of a job that has failed, moved away: as each failed job has to leave it. */
  const checkpointOf = async (fault: string, told: RegExp): Promise<string> => {
    const { code, err } = await run(fault);
    expect(err).to.match(told);
    expect(code).to.equal(1);
    const good = existsSync(`${checkpoints}.good`) ? `${checkpoints}.good` : checkpoints;
    const kept = join(directory.path, `kept-${fault}`);
    cpSync(good, kept, { recursive: true });
    return latestIn(kept);
  };

  const goesOn = async (checkpoint: string): Promise<void> => {
    rmSync(checkpoints, { recursive: true, force: true });
    const { code, out, err } = await run('none', '-s', checkpoint);
    expect(code, err).to.equal(0);
    expect((out.match(/total \d+ \d+/g) ?? []).sort()).to.deep.equal([...TOTALS].sort());
  };

  const FAULTS: readonly [string, string, RegExp][] = [
    ['fails', 'fail', /the 2000th is too much/],
    ['throws in a snapshot', 'snapshot', /no snapshot of this/],
    [
      'keeps a value that nothing can be made of',
      'value',
      /declined by KeyedProcess.*state "any".* is a function, which cannot be sent or stored/s,
    ],
    ['can write no more checkpoints', 'unwritable', /Exceeded checkpoint tolerable failure threshold\..*checkpoints/s],
  ];
  for (const [what, fault, told] of FAULTS) {
    it(`says so and leaves its last good checkpoint when it ${what}`, async () => {
      await goesOn(await checkpointOf(fault, told));
    });
  }

  it('says what does not fit between a checkpoint and its program, and leaves the checkpoint as it is', async () => {
    const checkpoint = await checkpointOf('fail', /too much/);
    const before = contentsOf(directory.path, checkpoint);
    const MISFITS: readonly [string, RegExp][] = [
      [
        'operator',
        /Cannot map checkpoint\/savepoint state for operator .* because the operator is not available in the new program.*uid "totals"/s,
      ],
      ['type', /state "total" of operator ".*" was restored as .*, and the program declares .*, which is incompatible/],
      ['maximum', /Max parallelism mismatch .* with max parallelism 128 to new program with max parallelism 256/],
    ];
    for (const [fault, told] of MISFITS) {
      const { code, err } = await run(fault, '-s', checkpoint);
      expect(err).to.match(told);
      expect(code).to.equal(1);
    }
    expect(contentsOf(directory.path, checkpoint)).to.deep.equal(before);
    await goesOn(relative(directory.path, checkpoint));
  });

  it('says what is damaged of a checkpoint, and where', async () => {
    const checkpoint = await checkpointOf('fail', /too much/);
    const DAMAGES: readonly [(at: string) => void, RegExp][] = [
      [(at) => rmSync(at, { recursive: true }), /Cannot find checkpoint or savepoint file\/directory/],
      [(at) => rmSync(join(at, '_metadata')), /Cannot find meta data file '_metadata' in directory/],
      [(at) => truncateSync(join(at, '_metadata'), 100), /cannot be read as the metadata of a checkpoint or savepoint: it is cut off/],
      [(at) => flip(join(at, '_metadata')), /cannot be read as the metadata .* its checksum does not fit/],
      [(at) => each(at, (file) => rmSync(file)), /cannot restore from ".*chk-.*": .*state ".*" of operator ".*" .* it is gone/],
      [(at) => each(at, (file) => truncateSync(file, 3)), /cannot restore from ".*chk-.*": .*state ".*" of operator ".*3 bytes instead/],
      [(at) => each(at, flip), /state in ".*" is damaged/],
    ];
    for (const [damage, told] of DAMAGES) {
      const copy = join(directory.path, 'damaged');
      rmSync(copy, { recursive: true, force: true });
      cpSync(join(checkpoint, '..'), copy, { recursive: true });
      const at = join(copy, basename(checkpoint));
      damage(at);
      const { code, err } = await run('none', '-s', at);
      expect(err).to.match(told);
      expect(code).to.equal(1);
    }
  });
});

/** Does something to all files of state below the job's directory. */
function each(checkpoint: string, work: (file: string) => void): void {
  const job = join(checkpoint, '..');
  for (const entry of readdirSync(job, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && entry.name !== '_metadata') work(join(entry.parentPath, entry.name));
  }
}

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  writeFileSync(path, bytes);
}

/** Of all files of the checkpoint's job. */
function contentsOf(root: string, checkpoint: string): Readonly<Record<string, string>> {
  const entries = readdirSync(join(checkpoint, '..'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map(({ parentPath, name }) => [relative(root, join(parentPath, name)), readFileSync(join(parentPath, name), 'latin1')]),
  );
}
