/**
 * The private channel between `upyw sim serve` and another upyw that opens the same board: frames over a loopback connection.
 * A frame is its kind (one byte), the length of its body (u32, little endian) and the body.
 */
export const Frame = {
  /** To the server: the token of the board's lock file, then the client's process number, as JSON. */
  hello: 1,
  /** To the client: it has the board. */
  welcome: 2,
  /** To the client: somebody else (named in the body) has the board. */
  busy: 3,
  /** Bytes for the other side's wire. */
  data: 4,
  /** To the client: so many bytes (u32) have left the wire. */
  sent: 5,
  /** To the server: bits per second (u32). */
  baudRate: 6,
  /** To the server: bit 0 DTR, bit 1 RTS. */
  lines: 7,
  /** To the server, in place of a hello: a {@link PinQuestion}, as JSON. The board stays whose it is. */
  ask: 8,
  /** To the client: what was asked for, as JSON. The connection ends. */
  answer: 9,
} as const;

/** What somebody beside the board asks of its pins: these, after the first was connected to something, if it is to be. */
export interface PinQuestion {
  readonly token: string;
  readonly gpios: readonly number[];
  /** Millivolts; null takes away what is connected. */
  readonly connect?: number | null;
}

const headerBytes = 5;
const maxBodyBytes = 1 << 24;

export function encodeFrame(kind: number, body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerBytes + body.length);
  frame[0] = kind;
  new DataView(frame.buffer).setUint32(1, body.length, true);
  frame.set(body, headerBytes);
  return frame;
}

export function encodeJson(kind: number, value: unknown): Uint8Array {
  return encodeFrame(kind, new TextEncoder().encode(JSON.stringify(value)));
}

export function decodeJson(body: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(body));
}

export function encodeNumber(kind: number, value: number): Uint8Array {
  const body = new Uint8Array(4);
  new DataView(body.buffer).setUint32(0, value, true);
  return encodeFrame(kind, body);
}

export function decodeNumber(body: Uint8Array): number {
  return body.length < 4 ? 0 : new DataView(body.buffer, body.byteOffset).getUint32(0, true);
}

/** Puts frames together again, wherever the chunks are cut. */
export class FrameReceiver {
  readonly #onFrame: (kind: number, body: Uint8Array) => void;
  #pending = new Uint8Array(0);

  constructor(onFrame: (kind: number, body: Uint8Array) => void) {
    this.#onFrame = onFrame;
  }

  /** @throws RangeError when this is no such stream */
  receive(chunk: Uint8Array): void {
    const bytes = new Uint8Array(this.#pending.length + chunk.length);
    bytes.set(this.#pending);
    bytes.set(chunk, this.#pending.length);
    let at = 0;
    while (bytes.length - at >= headerBytes) {
      const size = new DataView(bytes.buffer, at).getUint32(1, true);
      if (size > maxBodyBytes) throw new RangeError('not a frame');
      const end = at + headerBytes + size;
      if (end > bytes.length) break;
      this.#onFrame(bytes[at] ?? 0, bytes.slice(at + headerBytes, end));
      at = end;
    }
    this.#pending = bytes.slice(at);
  }
}
