const end = 0xc0;
const escape = 0xdb;
const escapedEnd = 0xdc;
const escapedEscape = 0xdd;

/** A whole frame on the wire: `C0`, the payload with `C0` and `DB` escaped, `C0` (RFC 1055). */
export function encodeSlip(payload: Uint8Array): Uint8Array {
  const special = findSpecial(payload);
  const frame = new Uint8Array(payload.length + special.length + 2);
  frame[0] = end;
  let at = 1;
  let from = 0;
  for (const position of special) {
    frame.set(payload.subarray(from, position), at);
    at += position - from;
    frame[at++] = escape;
    frame[at++] = payload[position] === end ? escapedEnd : escapedEscape;
    from = position + 1;
  }
  frame.set(payload.subarray(from), at);
  frame[frame.length - 1] = end;
  return frame;
}

/** Positions to be escaped, ascending. Searching and copying runs is twice as fast as going byte by byte. */
function findSpecial(payload: Uint8Array): number[] {
  const positions: number[] = [];
  let nextEnd = indexOrLength(payload, end, 0);
  let nextEscape = indexOrLength(payload, escape, 0);
  while (nextEnd !== nextEscape) {
    if (nextEnd < nextEscape) {
      positions.push(nextEnd);
      nextEnd = indexOrLength(payload, end, nextEnd + 1);
    } else {
      positions.push(nextEscape);
      nextEscape = indexOrLength(payload, escape, nextEscape + 1);
    }
  }
  return positions;
}

function indexOrLength(bytes: Uint8Array, byte: number, from: number): number {
  const index = bytes.indexOf(byte, from);
  return index === -1 ? bytes.length : index;
}

export interface SlipListener {
  /** What stood between two `C0`; never empty. The array is the listener's to keep. */
  frame(payload: Uint8Array): void;
  /** The first byte after a `C0` has arrived: a frame is on its way. */
  start?(): void;
}

/**
 * Takes bytes in any chunks and hands out frames, in time that grows with the bytes only. Every `C0` both ends and begins:
 * so garbage is dropped with the first `C0` behind it at the latest, `C0 C0` is nothing, and a lost `C0` costs the two
 * frames it stood between, not the framing of all that follows. What is no frame of the protocol is the caller's to sort out.
 */
export class SlipDecoder {
  readonly #listener: SlipListener;
  readonly #pending: Uint8Array;
  #begun = false;
  #length = 0;
  #escaping = false;
  /** Until the next `C0`: an escape that is none, or more bytes than any frame has. */
  #broken = false;

  /** @param maxFrameSizeBytes the longest payload that makes sense; longer ones are dropped */
  constructor(listener: SlipListener, maxFrameSizeBytes = 0x5000) {
    this.#listener = listener;
    this.#pending = new Uint8Array(maxFrameSizeBytes);
  }

  push(chunk: Uint8Array): void {
    let index = 0;
    let nextEscape = indexOrLength(chunk, escape, 0);
    while (index < chunk.length) {
      const nextEnd = indexOrLength(chunk, end, index);
      if (nextEnd > index) {
        if (!this.#begun) this.#begin();
        while (nextEscape < nextEnd) {
          this.#takeRun(chunk, index, nextEscape);
          if (this.#escaping) this.#broken = true;
          this.#escaping = true;
          index = nextEscape + 1;
          nextEscape = indexOrLength(chunk, escape, index);
        }
        this.#takeRun(chunk, index, nextEnd);
      }
      if (nextEnd < chunk.length) this.#finishFrame();
      index = nextEnd + 1;
    }
  }

  /** Whether a frame has begun and not ended. */
  get isInFrame(): boolean {
    return this.#begun;
  }

  /** Forgets a frame that has begun. */
  reset(): void {
    this.#begun = false;
    this.#length = 0;
    this.#escaping = false;
    this.#broken = false;
  }

  #finishFrame(): void {
    const whole = this.#length > 0 && !this.#broken && !this.#escaping;
    const payload = whole ? this.#pending.slice(0, this.#length) : undefined;
    this.reset();
    if (payload !== undefined) this.#listener.frame(payload);
  }

  #begin(): void {
    this.#begun = true;
    this.#listener.start?.();
  }

  /** Takes bytes that hold neither `C0` nor `DB`; the first of them may complete an escape. */
  #takeRun(chunk: Uint8Array, start: number, stop: number): void {
    let from = start;
    if (this.#escaping && from < stop) {
      this.#escaping = false;
      this.#takeEscaped(chunk[from++]);
    }
    if (this.#length + stop - from > this.#pending.length) {
      this.#broken = true;
    } else {
      this.#pending.set(chunk.subarray(from, stop), this.#length);
      this.#length += stop - from;
    }
  }

  #takeEscaped(byte: number | undefined): void {
    if (this.#length < this.#pending.length && (byte === escapedEnd || byte === escapedEscape)) {
      this.#pending[this.#length++] = byte === escapedEnd ? end : escape;
    } else {
      this.#broken = true;
    }
  }
}
