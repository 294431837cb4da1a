import { expect } from 'chai';
import fc from 'fast-check';
import { SeededRandom } from '#core';
import { ChainDriver, fillsByChance, type ChainForm, type Emitted, RecordingExit, stageOf } from '../../support/chain-driver.js';
import type { Stage, StageBody } from '../../../runtime/chain/stage.js';
import { anyOperator, buildChain, type RandomOperator, twinOf } from './random-chains.js';

const FORMS: readonly ChainForm[] = ['plain', 'compiled'];

interface Pressure {
  readonly seed: number;
  /** An output is full after one record in so many; 0: never. */
  readonly oneIn: number;
  /** Whether the source hands on a few more records when the gate has closed. */
  readonly late: boolean;
}

const anyPressure: fc.Arbitrary<Pressure> = fc.record({ seed: fc.integer(), oneIn: fc.constantFrom(0, 1, 2, 5, 20), late: fc.boolean() });

function run(form: ChainForm, head: RandomOperator, inputs: readonly number[], { seed, oneIn, late }: Pressure): Emitted[][] {
  const random = new SeededRandom(seed);
  const gate = { blocked: false };
  const { stages, targets, exits } = buildChain(head, gate, oneIn === 0 ? () => false : fillsByChance(random, oneIn));
  const driver = new ChainDriver(form, stages, targets, gate);
  inputs.forEach((value, index) => {
    if (late && random.nextInt(3) === 0) driver.pushAnyway(value, index);
    else driver.push(value, index);
  });
  driver.end();
  expect(driver.deferred.empty, 'something is left').to.equal(true);
  return exits.map(({ emitted }) => emitted);
}

describe('chains', () => {
  const inputs = fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 12 });

  for (const form of FORMS) {
    it(`${form}: emit what plain recursion emits, in its order, however often outputs are full`, () => {
      fc.assert(
        fc.property(anyOperator, inputs, anyPressure, (head, values, pressure) => {
          expect(run(form, head, values, pressure)).to.deep.equal(twinOf(head, values));
        }),
        { numRuns: 400 },
      );
    });

    it(`${form}: a sink that is full closes the gate, and an iterable goes on when it has room again`, () => {
      const gate = { blocked: false };
      const written: unknown[] = [];
      const writer = {
        blocked: false,
        write: (value: unknown) => {
          written.push(value);
          writer.blocked = true;
        },
        flush: () => Promise.resolve([]),
        close: () => undefined,
      };
      const stages = [
        stageOf('fan', { form: 'flatMap', call: (value) => [value, value, value] }),
        stageOf('sink', { form: 'sink', writer }),
      ];
      const driver = new ChainDriver(form, stages, [[{ kind: 'stage', stage: 1, tag: undefined }], []], gate);
      driver.push('a', 0);
      expect(gate.blocked).to.equal(true);
      expect(written).to.deep.equal(['a']);
      driver.unblock();
      expect(written).to.deep.equal(['a', 'a', 'a']);
    });

    it(`${form}: both inputs of a two-input operator have a function`, () => {
      const gate = { blocked: false };
      const exit = new RecordingExit(gate);
      const operator: Extract<StageBody, { form: 'twoInputs' }>['operator'] = {
        process1: (value, timestamp, output) => {
          output.emit(`first ${String(value)}`, timestamp);
        },
        process2: (value, timestamp, output) => {
          output.emit(`second ${String(value)}`, timestamp);
        },
      };
      const driver = new ChainDriver(
        form,
        [stageOf('both', { form: 'twoInputs', operator })],
        [[{ kind: 'exit', exit, tag: undefined }]],
        gate,
      );
      driver.push('a', 1, 0);
      driver.push('b', 2, 1);
      expect(exit.emitted).to.deep.equal([
        ['first a', 1],
        ['second b', 2],
      ]);
    });
  }

  describe('errors', () => {
    const fail = (): never => {
      throw new Error('on purpose');
    };
    const bodies: readonly StageBody[] = [
      { form: 'map', call: fail },
      { form: 'filter', call: fail },
      { form: 'flatMap', call: fail },
      // fails while it is read
      {
        form: 'flatMap',
        call: function* results() {
          yield fail();
        },
      },
      { form: 'update', operator: { update: fail } },
      { form: 'absorb', operator: { absorb: fail, size: 0, resultAt: fail } },
      { form: 'process', operator: { process: fail } },
      { form: 'twoInputs', operator: { process1: fail, process2: fail } },
      { form: 'sink', writer: { blocked: false, write: fail, flush: () => Promise.resolve([]), close: () => undefined } },
    ];
    /** A stage of the given body between others of all kinds, so that the failing one has to be found. */
    const around = (failing: StageBody): readonly Stage[] => [
      stageOf('one', { form: 'map', call: (value) => value }),
      stageOf('two', { form: 'flatMap', call: (value) => [value] }),
      stageOf('three', {
        form: 'process',
        operator: {
          process: (value, timestamp, output) => {
            output.emit(value, timestamp);
          },
        },
      }),
      stageOf('failing', failing),
      stageOf('four', { form: 'map', call: (value) => value }),
    ];
    const line = (stages: readonly Stage[]): ConstructorParameters<typeof ChainDriver>[2] =>
      stages.map((_, index) => (index + 1 < stages.length ? [{ kind: 'stage', stage: index + 1, tag: undefined }] : []));

    bodies.forEach((failing, number) => {
      it(`in a ${failing.form} name its stage and the line of the program (${number + 1})`, () => {
        const stages = around(failing);
        const driver = new ChainDriver('compiled', stages, line(stages), { blocked: false });
        const error = thrownBy(() => {
          driver.push(1, 0);
        });
        expect(driver.chain.stageOf(error)?.name).to.equal('failing');
        expect(error.stack).to.match(/chain\.test\.ts:\d+/);
      });
    });

    it('in the head of a chain name the head', () => {
      const driver = new ChainDriver('compiled', [stageOf('head', { form: 'map', call: fail })], [[]], { blocked: false });
      expect(
        driver.chain.stageOf(
          thrownBy(() => {
            driver.push(1, 0);
          }),
        )?.name,
      ).to.equal('head');
    });

    it('behind an array that is resumed name their stage', () => {
      const gate = { blocked: false };
      let calls = 0;
      const exit = new RecordingExit(gate, () => true);
      const stages = [
        stageOf('fan', { form: 'flatMap', call: () => [1, 2] }),
        stageOf('failing', { form: 'map', call: (value) => (calls++ === 0 ? value : fail()) }),
      ];
      const targets: ConstructorParameters<typeof ChainDriver>[2] = [
        [{ kind: 'stage', stage: 1, tag: undefined }],
        [{ kind: 'exit', exit, tag: undefined }],
      ];
      const driver = new ChainDriver('compiled', stages, targets, gate);
      driver.push(1, 0);
      const error = thrownBy(() => {
        driver.unblock();
      });
      expect(driver.chain.stageOf(error)?.name).to.equal('failing');
    });

    it('while an iterable is resumed name its stage', () => {
      const gate = { blocked: false };
      const exit = new RecordingExit(gate, () => true);
      const failing = stageOf('failing', {
        form: 'flatMap',
        call: function* results() {
          yield 1;
          fail();
        },
      });
      const stages = [stageOf('head', { form: 'map', call: (value) => value }), failing];
      const driver = new ChainDriver(
        'compiled',
        stages,
        [[{ kind: 'stage', stage: 1, tag: undefined }], [{ kind: 'exit', exit, tag: undefined }]],
        gate,
      );
      driver.push(1, 0);
      expect(
        driver.chain.stageOf(
          thrownBy(() => {
            driver.unblock();
          }),
        )?.name,
      ).to.equal('failing');
    });

    it('of an output name the stage that emitted', () => {
      const stages = [stageOf('one', { form: 'map', call: (value) => value }), stageOf('two', { form: 'map', call: (value) => value })];
      const targets: ConstructorParameters<typeof ChainDriver>[2] = [
        [{ kind: 'stage', stage: 1, tag: undefined }],
        [{ kind: 'exit', exit: { emit: fail }, tag: undefined }],
      ];
      const driver = new ChainDriver('compiled', stages, targets, { blocked: false });
      expect(
        driver.chain.stageOf(
          thrownBy(() => {
            driver.push(1, 0);
          }),
        )?.name,
      ).to.equal('two');
    });

    it('that are none of a chain, or no errors, name no stage', () => {
      const driver = new ChainDriver('compiled', [stageOf('head', { form: 'map', call: fail })], [[]], { blocked: false });
      expect(driver.chain.stageOf(new Error('elsewhere'))).to.equal(undefined);
      expect(driver.chain.stageOf('text')).to.equal(undefined);
    });
  });
});

function thrownBy(call: () => void): Error {
  try {
    call();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  return expect.fail('nothing was thrown');
}
