/*
 * What travels between two TaskManagers. The consumer's side connects; one connection serves all channels from a producing TaskManager
 * to a consuming one. All integers are little-endian.
 *
 *   frame   = length:u32 kind:u8 channel:u24 body            length counts the body only
 *
 *   producer's side                          consumer's side
 *   hello    magic:u32 version:u16 nonce:16 ─▶
 *                                          ◀─ login    magic:u32 version:u16 nonce:16 proof:32 idLength:u16 clusterId name
 *   welcome  proof:32                       ─▶           (or `refused` with the reason as text, then the end)
 *                                          ◀─ request  credit:u32 channelId      numbers a channel, grants its first credits
 *   data     segment, up to its byteLength  ─▶           one credit each, in the order of the ring
 *                                          ◀─ credit   count:u32
 *   announcement event segment              ─▶           overtakes the segments of the channel, takes no credit
 *   rejected reason as text                 ─▶           the channel will not be served
 *                                          ◀─ cancel                             no more of this channel
 */
export const FrameKind = {
  data: 0,
  hello: 1,
  login: 2,
  welcome: 3,
  refused: 4,
  request: 5,
  credit: 6,
  rejected: 7,
  cancel: 8,
  announcement: 9,
} as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

export const FRAME_HEADER_BYTES = 8;
/** Control frames are small; whatever claims to be longer does not speak this protocol. */
export const MAX_CONTROL_BYTES = 4096;
export const MAX_CHANNEL_NUMBER = 0xff_ffff;

/** The second word of a frame. */
export function kindAndChannel(kind: FrameKind, channel: number): number {
  return kind | (channel << 8);
}

/** A whole control frame. */
export function controlFrame(kind: FrameKind, channel: number, body: Uint8Array = new Uint8Array(0)): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.writeInt32LE(kindAndChannel(kind, channel), 4);
  frame.set(body, FRAME_HEADER_BYTES);
  return frame;
}

export function creditFrame(channel: number, credit: number): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + 4);
  frame.writeUInt32LE(4, 0);
  frame.writeInt32LE(kindAndChannel(FrameKind.credit, channel), 4);
  frame.writeUInt32LE(credit, FRAME_HEADER_BYTES);
  return frame;
}

export function requestFrame(channel: number, credit: number, id: string): Buffer {
  const body = Buffer.alloc(4 + Buffer.byteLength(id));
  body.writeUInt32LE(credit, 0);
  body.write(id, 4);
  return controlFrame(FrameKind.request, channel, body);
}
