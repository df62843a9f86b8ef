import type { Lines } from '../reset-circuit.js';

/** Telnet's COM-PORT-OPTION (RFC 2217). */
export const comPortOption = 44;

/** What the client asks for; the answer has the same number plus 100. */
const Ask = {
  signature: 0,
  baudRate: 1,
  dataSize: 2,
  parity: 3,
  stopSize: 4,
  control: 5,
  lineState: 6,
  modemState: 7,
  suspend: 8,
  resume: 9,
  lineStateMask: 10,
  modemStateMask: 11,
  purge: 12,
} as const;

const answerOffset = 100;

/** Carrier, data set ready and clear to send, as an ESP32 board's bridge shows them: on, for want of wires. */
const modemState = 0b1011_0000;

const noFlowControl = 1;
const noInboundFlowControl = 14;

export interface ComPortTarget {
  readonly lines: Lines;
  setLines(lines: Partial<Lines>): void;
  /** `onSet` runs when the rate is in force. */
  setBaudRate(baudRate: number, onSet: () => void): void;
}

/** Answers the client's COM-PORT subnegotiations and does what they ask for. One per connection. */
export class ComPort {
  readonly #target: ComPortTarget;
  readonly #answer: (value: Uint8Array) => void;
  #baudRate = 115_200;
  #isBreak = false;
  #isAnnounced = false;

  /** `answer` sends a subnegotiation of {@link comPortOption}. */
  constructor(target: ComPortTarget, answer: (value: Uint8Array) => void) {
    this.#target = target;
    this.#answer = answer;
  }

  /**
   * Tells the client the state of the lines that come from the board. With the first question at the latest: a client that got
   * our DO before it sent its own WILL does not send that any more (pyserial).
   */
  announce(): void {
    this.#isAnnounced = true;
    this.#reply(Ask.modemState, modemState);
  }

  handle([ask, ...value]: Uint8Array): void {
    if (!this.#isAnnounced) this.announce();
    const first = value[0] ?? 0;
    switch (ask) {
      case Ask.signature:
        if (value.length === 0) this.#reply(ask, ...new TextEncoder().encode('upyw virtual board'));
        break;
      case Ask.baudRate:
        this.#setBaudRate(value);
        break;
      // A wire of 8 data bits, no parity and one stop bit is all there is, whatever was asked for.
      case Ask.dataSize:
        this.#reply(ask, 8);
        break;
      case Ask.parity:
      case Ask.stopSize:
        this.#reply(ask, 1);
        break;
      case Ask.control:
        this.#reply(ask, this.#control(first));
        break;
      case Ask.modemState:
        this.#reply(ask, modemState);
        break;
      case Ask.modemStateMask:
        this.#reply(ask, first);
        this.announce();
        break;
      case Ask.lineState:
        this.#reply(ask, 0);
        break;
      case Ask.lineStateMask:
      case Ask.purge:
        this.#reply(ask, first);
        break;
      default:
        // Suspend and resume have no answer, and what RFC 2217 does not know gets none.
        break;
    }
  }

  #setBaudRate(value: readonly number[]): void {
    const baudRate = new DataView(Uint8Array.from([0, 0, 0, 0, ...value]).buffer).getUint32(value.length);
    // Zero asks for the rate.
    if (baudRate === 0) {
      this.#replyBaudRate();
      return;
    }
    this.#baudRate = baudRate;
    // What the client sends once it has the answer must not be sent at the old rate.
    this.#target.setBaudRate(baudRate, () => {
      this.#replyBaudRate();
    });
  }

  #replyBaudRate(): void {
    const reply = new Uint8Array(4);
    new DataView(reply.buffer).setUint32(0, this.#baudRate);
    this.#reply(Ask.baudRate, ...reply);
  }

  /** SET-CONTROL: flow control, break, DTR, RTS; 0, 4, 7, 10 and 13 ask. @returns what is in force now */
  #control(value: number): number {
    const { dtr, rts } = this.#target.lines;
    switch (value) {
      case 4:
        return this.#isBreak ? 5 : 6;
      case 5:
      case 6:
        this.#isBreak = value === 5;
        return value;
      case 7:
        return dtr ? 8 : 9;
      case 8:
      case 9:
        this.#target.setLines({ dtr: value === 8 });
        return value;
      case 10:
        return rts ? 11 : 12;
      case 11:
      case 12:
        this.#target.setLines({ rts: value === 11 });
        return value;
      default:
        return value >= 13 && value <= 18 ? noInboundFlowControl : noFlowControl;
    }
  }

  #reply(ask: number, ...value: number[]): void {
    this.#answer(Uint8Array.of(ask + answerOffset, ...value));
  }
}
