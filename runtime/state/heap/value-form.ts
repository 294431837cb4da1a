import { type TypeInfo, valueCodec, type ValueReader, type ValueWriter } from '#core';

/** How the values of a state are written. */
export interface ValueForm {
  write(writer: ValueWriter, value: unknown): void;
  read(reader: ValueReader): unknown;
}

/** A value and when it was last renewed, in ms of processing time. */
export interface Expiring {
  readonly value: unknown;
  time: number;
}

/** Each value tells what it is. */
function genericForm(what: string): ValueForm {
  return {
    write: (writer, value) => {
      writer.path = what;
      writer.value(value);
    },
    read: (reader) => reader.value(),
  };
}

/** @param what the values are, for errors. */
export function formOf(type: TypeInfo | undefined, what: string): ValueForm {
  if (type === undefined || type.kind === 'generic') return genericForm(what);
  const codec = valueCodec(type);
  return {
    write: (writer, value) => {
      codec.write(writer, value, what);
    },
    read: (reader) => codec.read(reader),
  };
}

export function listForm(element: ValueForm): ValueForm {
  return {
    write: (writer, value) => {
      const elements = value as readonly unknown[];
      writer.varint(elements.length);
      for (const item of elements) element.write(writer, item);
    },
    read: (reader) => {
      const elements: unknown[] = [];
      for (let left = reader.count(0); left > 0; left--) elements.push(element.read(reader));
      return elements;
    },
  };
}

export function expiringForm(form: ValueForm): ValueForm {
  return {
    write: (writer, value) => {
      const expiring = value as Expiring;
      writer.double(expiring.time);
      form.write(writer, expiring.value);
    },
    read: (reader): Expiring => {
      const time = reader.double();
      return { value: form.read(reader), time };
    },
  };
}
