import { Buffer } from 'node:buffer';

/** RFC 854. */
const SE = 0xf0;
const SB = 0xfa;
const IAC = 0xff;

/** How the two ends agree on an option. WILL and WONT speak of the sender's side, DO and DONT of the receiver's. */
export type TelnetVerb = 'WILL' | 'WONT' | 'DO' | 'DONT';

const verbCodes = { WILL: 0xfb, WONT: 0xfc, DO: 0xfd, DONT: 0xfe } as const;

export interface TelnetEvents {
  /** Payload with the doubling undone. The array is the receiver's to keep. */
  data(bytes: Uint8Array): void;
  negotiation(verb: TelnetVerb, option: number): void;
  subnegotiation(option: number, payload: Uint8Array): void;
}

const State = { data: 0, command: 1, option: 2, subnegotiation: 3, subnegotiationCommand: 4 } as const;
type State = (typeof State)[keyof typeof State];

/** Nothing in RFC 2217 is longer than a signature; what is longer is not a subnegotiation but damage. */
const longestSubnegotiationBytes = 1024;

/** Bytes from a Telnet server → events. Chunk boundaries mean nothing. */
export class TelnetDecoder {
  readonly #events: TelnetEvents;
  #state: State = State.data;
  #verb: TelnetVerb = 'WILL';
  #subnegotiation: number[] = [];

  constructor(events: TelnetEvents) {
    this.#events = events;
  }

  decode(chunk: Uint8Array): void {
    // Most chunks are payload without a single 0xFF: they pass as they are.
    const firstCommand = this.#state === State.data ? chunk.indexOf(IAC) : 0;
    if (firstCommand < 0) {
      this.#events.data(chunk);
      return;
    }
    const payload = new Uint8Array(chunk.length);
    payload.set(chunk.subarray(0, firstCommand));
    let told = 0;
    let end = firstCommand;
    for (let at = firstCommand; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#state === State.data) {
        // One loop for both, since blank flash is nothing but doubled 0xFF.
        if (byte !== IAC) payload[end++] = byte;
        else if (chunk[at + 1] === IAC) payload[end++] = chunk[++at] ?? 0;
        else this.#state = State.command;
      } else if (this.#state === State.command && byte === IAC) {
        payload[end++] = byte;
        this.#state = State.data;
      } else {
        if (end > told) this.#events.data(payload.subarray(told, end));
        told = end;
        this.#interpret(byte);
      }
    }
    if (end > told) this.#events.data(payload.subarray(told, end));
  }

  /** One byte of what is not payload. */
  #interpret(byte: number): void {
    switch (this.#state) {
      case State.option:
        this.#state = State.data;
        this.#events.negotiation(this.#verb, byte);
        return;
      case State.subnegotiation:
        if (byte === IAC) this.#state = State.subnegotiationCommand;
        else this.#collect(byte);
        return;
      case State.subnegotiationCommand:
        if (byte === IAC) this.#collect(byte);
        else if (byte === SE) this.#endSubnegotiation();
        else this.#beginCommand(byte); // the end is missing: what began is forgotten
        return;
      default:
        this.#beginCommand(byte);
    }
  }

  #beginCommand(byte: number): void {
    const verb = (Object.keys(verbCodes) as TelnetVerb[]).find((name) => verbCodes[name] === byte);
    if (verb !== undefined) {
      this.#verb = verb;
      this.#state = State.option;
    } else if (byte === SB) {
      this.#subnegotiation = [];
      this.#state = State.subnegotiation;
    } else {
      this.#state = State.data; // NOP, data mark, go ahead and their like carry nothing for a serial port
    }
  }

  #collect(byte: number): void {
    this.#state = State.subnegotiation;
    this.#subnegotiation.push(byte);
    if (this.#subnegotiation.length > longestSubnegotiationBytes) this.#state = State.data;
  }

  #endSubnegotiation(): void {
    this.#state = State.data;
    const [option, ...payload] = this.#subnegotiation;
    if (option !== undefined) this.#events.subnegotiation(option, Uint8Array.from(payload));
  }
}

/** Doubles every 0xFF; the same array when there is none. */
export function escapeTelnet(bytes: Uint8Array): Uint8Array {
  const first = bytes.indexOf(IAC);
  if (first < 0) return bytes;
  let count = 0;
  for (let at = first; at < bytes.length; at += 1) if (bytes[at] === IAC) count += 1;
  const escaped = new Uint8Array(bytes.length + count);
  escaped.set(bytes.subarray(0, first));
  let end = first;
  for (let at = first; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    escaped[end++] = byte;
    if (byte === IAC) escaped[end++] = IAC;
  }
  return escaped;
}

export function encodeNegotiation(verb: TelnetVerb, option: number): Uint8Array {
  return Uint8Array.of(IAC, verbCodes[verb], option);
}

export function encodeSubnegotiation(option: number, payload: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(IAC, SB, option), escapeTelnet(payload), Uint8Array.of(IAC, SE)]);
}
