import { expect } from 'chai';
import fc from 'fast-check';
import { ByteWriter } from '#core';
import { ByteArena } from '../../../../../runtime/state/heap/store/byte-arena.js';
import { CELL_CLASSES, classOfUnits, unitsOfClass } from '../../../../../runtime/state/heap/store/cell-sizes.js';

const PAGE_BYTES = 1024 * 1024;

function runOf(length: number, seed: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 7 + (index >>> 8)) & 0xff));
}

function contentOf(arena: ByteArena, place: number): Buffer {
  const reader = arena.read(place);
  return Buffer.from(reader.raw(reader.remaining));
}

type Step = readonly [at: number, length: number];

const length = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 300 }) },
  { weight: 2, arbitrary: fc.nat({ max: 20_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: PAGE_BYTES / 8 - 100, max: PAGE_BYTES + 100_000 }) },
);

describe('ByteArena', () => {
  it('holds what a map of buffers holds, whatever is added, replaced and removed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 15 }), fc.oneof(length, fc.constant(-1)))), (steps: readonly Step[]) => {
        const arena = new ByteArena();
        const places = new Map<number, number>();
        const expected = new Map<number, Buffer>();
        for (const [index, [at, size]] of steps.entries()) {
          const place = places.get(at);
          if (size < 0) {
            if (place !== undefined) arena.remove(place);
            places.delete(at);
            expected.delete(at);
            continue;
          }
          const run = runOf(size, index);
          places.set(at, place === undefined ? arena.add(run, 0, size) : arena.replace(place, run, 0, size));
          expected.set(at, run);
        }
        expect([...places.values()].every((place) => place > 0)).to.equal(true);
        for (const [at, run] of expected) expect(contentOf(arena, places.get(at)!).equals(run)).to.equal(true);
        if (expected.size === 0) expect(arena.sizeBytes).to.equal(0);
      }),
      { numRuns: 200 },
    );
  });

  it('uses cells that were given back for runs of their size', () => {
    const arena = new ByteArena();
    const run = runOf(100, 1);
    const places = Array.from({ length: 20_000 }, () => arena.add(run, 0, 100));
    const { sizeBytes } = arena;
    for (let round = 0; round < 5; round++) {
      for (const place of places.splice(0, 10_000)) arena.remove(place);
      for (let count = 0; count < 10_000; count++) places.push(arena.add(run, 0, 97));
    }
    expect(arena.sizeBytes).to.equal(sizeBytes);
  });

  it('copies a run with its length', () => {
    const arena = new ByteArena();
    const run = runOf(1000, 2);
    const writer = new ByteWriter();
    arena.copyTo(writer, arena.add(run, 10, 1000));
    const expected = new ByteWriter();
    expected.varint(990);
    expected.raw(run.subarray(10));
    expect(writer.written().equals(expected.written())).to.equal(true);
  });
});

describe('cell sizes', () => {
  it('are the least of a class that hold the units, and waste at most an eighth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 27 }), (units) => {
        const cellClass = classOfUnits(units);
        expect(cellClass).to.be.below(CELL_CLASSES);
        expect(unitsOfClass(cellClass)).to.be.at.least(units);
        expect(unitsOfClass(cellClass)).to.be.at.most(units * 1.125);
        expect(classOfUnits(unitsOfClass(cellClass))).to.equal(cellClass);
        if (cellClass > 1) expect(unitsOfClass(cellClass - 1)).to.be.below(units);
      }),
    );
  });
});
