const end = 0xc0;
const escape = 0xdb;
const escapedEnd = 0xdc;
const escapedEscape = 0xdd;

/** The largest command a loader takes: a block of 16 KiB with its headers. Longer frames are dropped. */
const maxFrameBytes = 0x4000 + 64;

/** One frame as SLIP puts it on the wire (RFC 1055, with an END in front too). */
export function encodeSlip(frame: Uint8Array): Uint8Array {
  const encoded: number[] = [end];
  for (const byte of frame) {
    if (byte === end) encoded.push(escape, escapedEnd);
    else if (byte === escape) encoded.push(escape, escapedEscape);
    else encoded.push(byte);
  }
  encoded.push(end);
  return Uint8Array.from(encoded);
}

export interface Frame {
  readonly bytes: Uint8Array;
  readonly arrivedAtMs: number;
}

/**
 * The receiving side of a loader: an interrupt fills one frame buffer while the program works on the frame in the other
 * (`frame_buffer.c` and `slip.c` of Espressif's esp-flasher-stub). When both are taken, what arrives is lost up to the start of the
 * next frame: a client that sends without waiting for answers finds that out.
 */
export class SlipReceiver {
  readonly #buffer = new Uint8Array(maxFrameBytes);
  #sizeBytes = 0;
  #state: 'outside' | 'inside' | 'escaping' = 'outside';
  #complete: Frame | undefined;
  #waiting: ((frame: Frame) => void) | undefined;

  /** Bytes of which the last arrived at that time. */
  receive(bytes: Uint8Array, timeMs: number): void {
    for (const byte of bytes) this.#receiveByte(byte, timeMs);
  }

  /** The next frame. To ask for it is to be done with the one before, whose buffer then takes what arrives. */
  next(): Promise<Frame> {
    return new Promise((resolve) => {
      const frame = this.#complete;
      this.#complete = undefined;
      if (frame === undefined) this.#waiting = resolve;
      else resolve(frame);
    });
  }

  #receiveByte(byte: number, timeMs: number): void {
    if (this.#state === 'outside') {
      if (byte === end && this.#complete === undefined) this.#begin();
      return;
    }
    if (this.#state === 'escaping') {
      this.#state = 'inside';
      if (byte === escapedEnd) this.#put(end);
      else if (byte === escapedEscape) this.#put(escape);
      else this.#state = 'outside';
      return;
    }
    if (byte === escape) this.#state = 'escaping';
    else if (byte !== end) this.#put(byte);
    else if (this.#sizeBytes > 0) this.#finish(timeMs);
  }

  #begin(): void {
    this.#state = 'inside';
    this.#sizeBytes = 0;
  }

  #put(byte: number): void {
    if (this.#sizeBytes === maxFrameBytes) this.#state = 'outside';
    else this.#buffer[this.#sizeBytes++] = byte;
  }

  #finish(timeMs: number): void {
    this.#state = 'outside';
    const frame = { bytes: this.#buffer.slice(0, this.#sizeBytes), arrivedAtMs: timeMs };
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#complete = frame;
    else waiting(frame);
  }
}
