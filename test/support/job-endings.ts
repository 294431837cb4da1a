import { expect } from 'chai';
import type { Sink, SinkWriter, StreamExecutionEnvironment } from '#api';
import type { JobRun } from './job-run.js';

/** The part of a program that builds its job. */
export type Build = (env: StreamExecutionEnvironment) => unknown;

export const same = <T>(value: T): T => value;

/** A sink that takes everything, with some methods of its writer replaced. */
export function sink(writer: Partial<SinkWriter<unknown>>): Sink<unknown> {
  return {
    createWriter: () => ({ blocked: false, write: () => undefined, flush: () => Promise.resolve([]), close: () => undefined, ...writer }),
  };
}

/** Every slot has ended, and says nothing afterwards. */
export function expectEnded(run: JobRun): void {
  const slots = new Set(run.reports.map(({ slot }) => slot));
  for (const slot of slots) {
    const types = run.reports.filter((report) => report.slot === slot).map(({ type }) => type);
    expect(types.indexOf('ended'), `slot ${slot} reports its end last, and once`).to.equal(types.length - 1);
  }
}
