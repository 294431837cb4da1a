import { EventTooLargeError, HeaderWord, readEvent, type Segment, type StreamEvent, writeEvent } from '#core';
import type { Doorbell } from './doorbell.js';

/** An announcement travels between processes in one control frame. */
export const ANNOUNCEMENT_BYTES = 4096;

/** A barrier that goes ahead of the records before it. */
export type Announcement = Extract<StreamEvent, { kind: 'announcement' }>;

/**
 * Room beside the segments of a ring for one event that overtakes them all. The producer fills it when it is empty, the consumer empties
 * it. Nothing depends on it alone: the barrier itself follows behind the records, so one that finds no room is simply not announced.
 */
export class Announcements {
  constructor(
    private readonly control: Int32Array,
    private readonly word: number,
    private readonly segment: Segment,
    private readonly peerBell: Doorbell,
  ) {}

  /** Whether there is one. */
  get waiting(): boolean {
    return Atomics.load(this.control, this.word) !== 0;
  }

  /** Answers whether there was room. */
  post(announcement: Announcement): boolean {
    if (this.waiting) return false;
    try {
      writeEvent(this.segment, announcement);
    } catch (error) {
      if (error instanceof EventTooLargeError) return false;
      throw error;
    }
    this.#hand();
    return true;
  }

  take(): Announcement | undefined {
    if (!this.waiting) return undefined;
    const announcement = readEvent(this.segment) as Announcement;
    Atomics.store(this.control, this.word, 0);
    return announcement;
  }

  /** For one that travels on: its bytes, a copy. */
  takeBytes(): Buffer | undefined {
    if (!this.waiting) return undefined;
    const bytes = Buffer.from(this.segment.bytes.subarray(0, this.segment.words[HeaderWord.byteLength]));
    Atomics.store(this.control, this.word, 0);
    return bytes;
  }

  /** @param bytes what `takeBytes` gave, at most {@link ANNOUNCEMENT_BYTES}. */
  postBytes(bytes: Buffer): void {
    if (this.waiting) return;
    bytes.copy(this.segment.bytes);
    this.#hand();
  }

  #hand(): void {
    Atomics.store(this.control, this.word, 1);
    this.peerBell.ring();
  }
}
