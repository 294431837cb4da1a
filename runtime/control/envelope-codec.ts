import { ValueReader, ValueWriter } from '#core';
import { MalformedMessageError } from './errors.js';
import { frameOf } from './framing.js';
import { envelope as envelopeShape } from './message-shapes.js';
import type { Envelope } from './messages.js';

/** What a writer keeps between messages; a large one gives the rest back. */
const KEEP_BYTES = 1 << 20;

const writer = new ValueWriter(4096);

/** A frame with the envelope. Throws `MessageTooLargeError`, and `UnsupportedRecordError` for what is not plain data. */
export function encodeEnvelope(envelope: Envelope, limitBytes: number): Buffer {
  writer.reset(KEEP_BYTES);
  writer.value(envelope);
  return frameOf(writer.written(), limitBytes);
}

/** Throws {@link MalformedMessageError} for anything that is not a whole, valid envelope. */
export function decodeEnvelope(payload: Buffer): Envelope {
  const value = decode(payload);
  envelopeShape(value, 'envelope');
  return value as Envelope;
}

function decode(payload: Buffer): unknown {
  try {
    return new ValueReader().attach(payload).value();
  } catch (error) {
    throw new MalformedMessageError('envelope', `readable: ${error instanceof Error ? error.message : String(error)}`);
  }
}
