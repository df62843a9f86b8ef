import { Buffer } from 'node:buffer';

/** What the person at the terminal did. */
export type InputEvent =
  | { readonly kind: 'keys'; readonly bytes: Uint8Array }
  | { readonly kind: 'paste'; readonly bytes: Uint8Array }
  | { readonly kind: 'leave' };

/** Ctrl-] as in telnet and miniterm, Ctrl-X as in mpremote. */
const leaveKeys = [0x1d, 0x18];

/** How a terminal marks a paste once it was asked to (xterm's bracketed paste, DEC private mode 2004). */
const pasteStart = Buffer.from('\x1b[200~');
const pasteEnd = Buffer.from('\x1b[201~');

/** Turns it on and off. */
export const bracketedPaste = { on: '\x1b[?2004h', off: '\x1b[?2004l' };

/** No hand types so many bytes at once. Terminals without bracketed paste (the Windows console) just send them. */
const pasteBytes = 32;

/** Splits what comes from a terminal in raw mode into keys, pastes and the wish to leave. Chunk boundaries mean nothing. */
export class InputParser {
  #held: Uint8Array = new Uint8Array(0);
  #insidePaste = false;

  push(chunk: Uint8Array): InputEvent[] {
    const events: InputEvent[] = [];
    let rest: Buffer = Buffer.concat([this.#held, chunk]);
    this.#held = new Uint8Array(0);
    while (rest.length > 0) {
      const marker = this.#insidePaste ? pasteEnd : pasteStart;
      const at = rest.indexOf(marker);
      if (at === -1) {
        this.#takeUnmarked(rest, events);
        return events;
      }
      const before = rest.subarray(0, at);
      if (this.#insidePaste) events.push({ kind: 'paste', bytes: new Uint8Array(before) });
      else pushTyped(before, events);
      this.#insidePaste = !this.#insidePaste;
      rest = rest.subarray(at + marker.length);
    }
    return events;
  }

  /** Whether bytes are held back that may be the start of a paste. */
  get isHolding(): boolean {
    return !this.#insidePaste && this.#held.length > 0;
  }

  /** Nothing followed what was held back, so it was typed. */
  flush(): InputEvent[] {
    const events: InputEvent[] = [];
    if (!this.isHolding) return events;
    pushTyped(this.#held, events);
    this.#held = new Uint8Array(0);
    return events;
  }

  #takeUnmarked(rest: Buffer, events: InputEvent[]): void {
    if (this.#insidePaste) {
      this.#held = new Uint8Array(rest);
      return;
    }
    const heldBytes = startedMarkerBytes(rest);
    pushTyped(rest.subarray(0, rest.length - heldBytes), events);
    this.#held = new Uint8Array(rest.subarray(rest.length - heldBytes));
  }
}

/** How many of the last bytes may begin a paste. A lone ESC may be the Escape key: `flush` tells. */
function startedMarkerBytes(bytes: Buffer): number {
  for (let length = pasteStart.length - 1; length >= 1; length -= 1) {
    if (bytes.length >= length && bytes.subarray(-length).equals(pasteStart.subarray(0, length)))
      return length;
  }
  return 0;
}

function pushTyped(bytes: Uint8Array, events: InputEvent[]): void {
  const leaveAt = bytes.findIndex((byte) => leaveKeys.includes(byte));
  const typed = new Uint8Array(leaveAt === -1 ? bytes : bytes.subarray(0, leaveAt));
  if (typed.length > 0) events.push({ kind: looksPasted(typed) ? 'paste' : 'keys', bytes: typed });
  if (leaveAt !== -1) events.push({ kind: 'leave' });
}

/** Very long, or a line end with something behind it. */
function looksPasted(bytes: Uint8Array): boolean {
  const lineEnd = bytes.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  const isMultiLine = lineEnd !== -1 && bytes.subarray(lineEnd).some((byte) => byte > 0x20);
  return isMultiLine || bytes.length > pasteBytes;
}
