import protobuf from 'protobufjs';

/** Turns messages of a Hadoop protocol into protobuf bytes and back. */
export interface MessageCodec<T> {
  encode(message: T): Buffer;
  /** Throws when the bytes are no such message. Repeated fields are always arrays; 64-bit numbers decimal texts. */
  decode(bytes: Uint8Array): T;
}

/** 64-bit numbers stay exact as texts: ids of containers hold more than a double can. */
const AS_OBJECT: protobuf.IConversionOptions = { longs: String, bytes: Buffer, arrays: true };

/**
 * The codecs of protobuf definitions (proto2). Fields that a definition leaves out are dropped when read; what is only passed on is
 * therefore declared as bytes, which look the same as a message on the wire.
 */
export function messageCodecs(definitions: string): <T extends object>(name: string) => MessageCodec<T> {
  const { root } = protobuf.parse(`syntax = "proto2";\n${definitions}`, { keepCase: true });
  root.resolveAll();
  return <T extends object>(name: string): MessageCodec<T> => {
    const type = root.lookupType(name);
    return {
      encode: (message) => Buffer.from(type.encode(type.fromObject(message)).finish()),
      decode: (bytes) => type.toObject(type.decode(bytes), AS_OBJECT) as T,
    };
  };
}

/** Joins parts into one, each with its length before it as a varint. */
export function delimited(parts: readonly Uint8Array[]): Buffer {
  const writer = protobuf.Writer.create();
  for (const part of parts) writer.bytes(part);
  return Buffer.from(writer.finish());
}

/** The parts of {@link delimited}. Throws when the bytes end within one. */
export function splitDelimited(bytes: Uint8Array): readonly Buffer[] {
  const reader = protobuf.Reader.create(bytes);
  const parts: Buffer[] = [];
  while (reader.pos < reader.len) parts.push(Buffer.from(reader.bytes()));
  return parts;
}
