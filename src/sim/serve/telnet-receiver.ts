/** Telnet's own bytes (RFC 854, RFC 855). */
export const Telnet = { se: 240, sb: 250, will: 251, wont: 252, do: 253, dont: 254, iac: 255 } as const;

export interface TelnetListener {
  data(bytes: Uint8Array): void;
  /** `verb` is WILL, WONT, DO or DONT. */
  negotiate(verb: number, option: number): void;
  subnegotiate(option: number, value: Uint8Array): void;
}

type State = 'data' | 'command' | 'option' | 'sub' | 'sub-command';

/** Takes a Telnet stream apart, wherever its chunks are cut. */
export class TelnetReceiver {
  readonly #listener: TelnetListener;
  #state: State = 'data';
  #verb = 0;
  #data: number[] = [];
  #sub: number[] = [];

  constructor(listener: TelnetListener) {
    this.#listener = listener;
  }

  receive(chunk: Uint8Array): void {
    for (const byte of chunk) this.#take(byte);
    this.#flush();
  }

  #take(byte: number): void {
    switch (this.#state) {
      case 'data':
        if (byte === Telnet.iac) this.#state = 'command';
        else this.#data.push(byte);
        break;
      case 'command':
        this.#command(byte);
        break;
      case 'option':
        this.#flush();
        this.#listener.negotiate(this.#verb, byte);
        this.#state = 'data';
        break;
      case 'sub':
        if (byte === Telnet.iac) this.#state = 'sub-command';
        else this.#sub.push(byte);
        break;
      case 'sub-command':
        this.#subCommand(byte);
    }
  }

  #command(byte: number): void {
    if (byte === Telnet.iac) {
      this.#data.push(byte);
      this.#state = 'data';
    } else if (byte === Telnet.sb) {
      this.#sub = [];
      this.#state = 'sub';
    } else if (byte >= Telnet.will) {
      this.#verb = byte;
      this.#state = 'option';
    } else {
      // Commands without an operand (NOP, BREAK, AYT, …) mean nothing to a serial port.
      this.#state = 'data';
    }
  }

  #subCommand(byte: number): void {
    if (byte === Telnet.iac) {
      this.#sub.push(byte);
      this.#state = 'sub';
      return;
    }
    this.#state = 'data';
    const [option, ...value] = this.#sub;
    if (byte !== Telnet.se || option === undefined) return;
    this.#flush();
    this.#listener.subnegotiate(option, Uint8Array.from(value));
  }

  #flush(): void {
    if (this.#data.length === 0) return;
    const bytes = Uint8Array.from(this.#data);
    this.#data = [];
    this.#listener.data(bytes);
  }
}

/** Doubles each 0xFF, as data and subnegotiations need it. */
export function escapeTelnet(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(Telnet.iac)) return bytes;
  const escaped: number[] = [];
  for (const byte of bytes) {
    escaped.push(byte);
    if (byte === Telnet.iac) escaped.push(byte);
  }
  return Uint8Array.from(escaped);
}
