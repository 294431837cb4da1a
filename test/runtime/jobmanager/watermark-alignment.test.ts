import { expect } from 'chai';
import { MAX_WATERMARK, MIN_WATERMARK, type VertexId } from '#core';
import { WatermarkAlignmentCoordinator } from '../../../runtime/jobmanager/watermark-alignment.js';
import { alignmentReport, allowedBy } from '../../../runtime/time/alignment-events.js';
import { ManualClock } from '../../support/manual-clock.js';

const INTERVAL_MS = 1000;

describe('WatermarkAlignmentCoordinator', () => {
  let clock: ManualClock;
  let told: string[];
  let over: string | undefined;
  let coordinator: WatermarkAlignmentCoordinator;

  beforeEach(() => {
    clock = new ManualClock();
    told = [];
    over = undefined;
    coordinator = new WatermarkAlignmentCoordinator({
      clock,
      isOver: ({ vertexId }) => vertexId === over,
      send: (event) => {
        told.push(`${event.vertexId}/${String(event.to)} ${allowedBy(event)}`);
      },
    });
  });

  const report = (vertexId: string, from: number, watermark: number, group = 'group', maxDriftMs = 100): void => {
    const source = { vertexId: vertexId as VertexId, nodeId: 1 };
    coordinator.report(alignmentReport(source, from, { group, maxDriftMs, updateIntervalMs: INTERVAL_MS, watermark }));
  };
  const toldNow = (): string[] => told.splice(0).sort();

  it('lets each reader go as far as the slowest and its drift, once an interval', () => {
    report('fast', 0, MIN_WATERMARK);
    report('slow', 0, MIN_WATERMARK, 'group', 50);
    expect(toldNow()).to.deep.equal([]);
    report('fast', 0, 5000);
    report('slow', 0, 1000, 'group', 50);
    expect(toldNow()).to.deep.equal([]);
    clock.advance(INTERVAL_MS);
    expect(toldNow()).to.deep.equal(['fast/0 1100', 'slow/0 1050']);
    report('slow', 0, 2000, 'group', 50);
    clock.advance(INTERVAL_MS);
    expect(toldNow()).to.deep.equal(['fast/0 2100', 'slow/0 2050']);
    report('slow', 0, 2000, 'group', 50);
    clock.advance(INTERVAL_MS);
    expect(toldNow()).to.deep.equal([]);
  });

  it('does not wait for readers that are idle, or over', () => {
    report('a', 0, 100);
    expect(toldNow()).to.deep.equal(['a/0 200']);
    report('b', 0, MAX_WATERMARK);
    report('c', 0, 10);
    clock.advance(INTERVAL_MS);
    expect(toldNow()).to.deep.equal(['a/0 110', 'b/0 110', 'c/0 110']);
    over = 'c';
    report('a', 0, 300);
    clock.advance(INTERVAL_MS);
    expect(toldNow()).to.deep.equal(['a/0 400', 'b/0 400']);
  });

  it('keeps groups apart, and the subtasks of a source together', () => {
    report('a', 0, 100, 'one');
    report('b', 0, 7, 'two');
    expect(toldNow()).to.deep.equal(['a/0 200', 'b/0 107']);
    report('a', 1, 50, 'one');
    clock.advance(INTERVAL_MS);
    expect(toldNow()).to.deep.equal(['a/0 150', 'a/1 150']);
  });

  it('lets nobody wait for a reader that begins again, until it reports', () => {
    report('a', 0, 100);
    report('b', 0, 50);
    toldNow();
    coordinator.forgetSubtasks(({ vertexId }) => vertexId === 'b');
    clock.advance(INTERVAL_MS);
    report('a', 0, 300);
    clock.advance(INTERVAL_MS);
    expect(toldNow()).to.deep.equal(['a/0 400']);
    report('b', 0, 20);
    clock.advance(INTERVAL_MS);
    expect(toldNow()).to.deep.equal(['a/0 120', 'b/0 120']);
  });

  it('forgets an attempt that is over', () => {
    report('a', 0, 100);
    report('b', 0, 50);
    coordinator.forget();
    expect(clock.pendingTimers).to.equal(0);
    expect(toldNow()).to.deep.equal(['a/0 200']);
    report('a', 0, 300);
    expect(toldNow()).to.deep.equal(['a/0 400']);
  });
});
