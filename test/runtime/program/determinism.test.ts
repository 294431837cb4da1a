import { expect } from 'chai';
import { applyMainConditions, type MainConditions } from '../../../runtime/program/determinism.js';

const NAME = 'FLINK_TS_TEST_VARIABLE';

function conditions(number: number): MainConditions {
  return {
    file: `job-${number}.ts`,
    args: [String(number)],
    clockStartMs: number * 1_000_000,
    randomSeed: number,
    environment: { [NAME]: String(number) },
  };
}

/** What a program would see. */
function seen(): unknown[] {
  return [process.argv.slice(1), process.env[NAME], Math.floor(Date.now() / 100_000)];
}

const asSeenBy = (number: number): unknown[] => [[`job-${number}.ts`, String(number)], String(number), number * 10];

describe('the conditions of main', () => {
  const { argv } = process;
  const { random } = Math;
  const date = Date;

  const expectReal = (): void => {
    expect([process.argv, Math.random, Date, process.env[NAME]]).to.deep.equal([argv, random, date, undefined]);
    expect(process.argv).to.equal(argv);
    expect(Date).to.equal(date);
  };
  afterEach(expectReal);

  it('hold until they are undone', () => {
    const undo = applyMainConditions(conditions(3));
    expect(seen()).to.deep.equal(asSeenBy(3));
    undo();
    expectReal();
    undo();
  });

  it('give the same numbers for the same seed', () => {
    const numbers = [1, 1, 2].map((seed) => {
      const undo = applyMainConditions(conditions(seed));
      const drawn = [Math.random(), Math.random(), Math.random()];
      undo();
      return drawn;
    });
    expect(numbers[0]).to.deep.equal(numbers[1]);
    expect(numbers[0]).to.not.deep.equal(numbers[2]);
    for (const number of numbers.flat()) expect(number).to.be.within(0, 1);
  });

  it('set the clock, and leave dates what they are otherwise', () => {
    const undo = applyMainConditions(conditions(5));
    expect(new Date().getTime()).to.be.within(5_000_000, 5_060_000);
    expect(new Date(7).getTime()).to.equal(7);
    expect(new Date(2020, 1, 3).getMonth()).to.equal(1);
    expect(new Date()).to.be.instanceOf(date);
    expect(Date.parse('1970-01-01T00:00:01Z')).to.equal(1000);
    expect(typeof (Date as () => string)()).to.equal('string');
    undo();
  });

  it('of the last that began are in force, in whatever order they end', () => {
    const undoOne = applyMainConditions(conditions(1));
    const undoTwo = applyMainConditions(conditions(2));
    expect(seen()).to.deep.equal(asSeenBy(2));
    undoOne();
    expect(seen()).to.deep.equal(asSeenBy(2));
    const undoThree = applyMainConditions(conditions(3));
    undoTwo();
    expect(seen()).to.deep.equal(asSeenBy(3));
    undoThree();
  });

  it('of one that began first come back', () => {
    const undoOne = applyMainConditions(conditions(1));
    const undoTwo = applyMainConditions({ ...conditions(2), environment: {} });
    expect(process.env[NAME]).to.equal(undefined);
    undoTwo();
    expect(seen()).to.deep.equal(asSeenBy(1));
    undoOne();
  });
});
