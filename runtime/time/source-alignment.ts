import { type Clock, MAX_WATERMARK, MIN_WATERMARK, type Timer } from '#core';
import type { SourceReader, WatermarkAlignment } from '#api';
import type { SourceTime } from './source-time.js';

export interface SourceAlignmentHost {
  readonly clock: Clock;
  /** Tells the job how far this reader has come. */
  report(watermark: number): void;
}

/**
 * One reader of a group that keeps together: says how far it has come, hears how far it may go, and holds back what is beyond: splits
 * where the reader can, else itself. What is read in one step of the slot's loop (1024 records) can be beyond by so much.
 */
export class SourceAlignment {
  /** Until the group has answered, no further than the first step. */
  #allowed = MIN_WATERMARK;
  #paused = false;
  /** Of readers that can pause splits. */
  #pausedSplits: ReadonlySet<string> = new Set();
  #timer: Timer | undefined;
  #reported: number | undefined;

  constructor(
    private readonly alignment: WatermarkAlignment,
    private readonly time: SourceTime,
    private readonly host: SourceAlignmentHost,
  ) {}

  /** The reader is not to be polled. */
  get paused(): boolean {
    return this.#paused;
  }

  /** From now on reports go out at the interval of the strategy. */
  start(): void {
    this.#report(this.time.idle ? MAX_WATERMARK : this.time.watermark);
    this.#timer = this.host.clock.setTimer(
      this.alignment.updateIntervalMs,
      () => {
        this.start();
      },
      { background: true },
    );
  }

  /** The reader has come to its end, and holds back nobody. */
  end(): void {
    this.close();
    if (this.#reported !== MAX_WATERMARK) this.#report(MAX_WATERMARK);
  }

  close(): void {
    this.#timer?.cancel();
  }

  /** How far the group lets its members go. */
  allow(watermark: number, reader: SourceReader<unknown>): void {
    this.#allowed = watermark;
    this.look(reader);
  }

  /** To be called when the reader was polled. */
  look(reader: SourceReader<unknown>): void {
    this.time.probe();
    if (reader.pauseOrResumeSplits === undefined) this.#pauseReader(this.time.watermark > this.#allowed);
    else this.#pauseSplits(reader, this.time.splitsBeyond(this.#allowed));
  }

  #pauseReader(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.time.pause(paused ? 'all' : new Set());
  }

  #pauseSplits(reader: SourceReader<unknown>, beyond: ReadonlySet<string>): void {
    const before = this.#pausedSplits;
    const pause = [...beyond].filter((id) => !before.has(id));
    const resume = [...before].filter((id) => !beyond.has(id));
    if (pause.length + resume.length === 0) return;
    this.#pausedSplits = beyond;
    this.time.pause(beyond);
    reader.pauseOrResumeSplits?.(pause, resume);
  }

  #report(watermark: number): void {
    this.#reported = watermark;
    this.host.report(watermark);
  }
}
