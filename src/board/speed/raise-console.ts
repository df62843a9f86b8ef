import { randomInt, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isUpywError } from '../../errors.js';
import type { RawChannel } from '../../rawrepl/raw-repl.js';
import { protocolError } from '../../rawrepl/send-code.js';
import { cameInTime } from '../../transport/came-in-time.js';
import { endedSign } from '../helpers/helper-signs.js';
import { baudRateOf, type UartRegisters } from './uart-divider.js';

/** What device/helpers/speed_up.py is told. Anything else ends it. Behind its tag it repeats an order that it follows. */
const order = { ping: 'p', go: 'g', leave: 'x' } as const;
/** What else it says behind its tag. */
const sign = { ready: '', agreed: 'k', back: 'b' } as const;

const pings = 3;
const patternBytes = 32;
/** For answers that need no work from the board. */
const answerMs = 1_000;
/** The board goes back when it has not heard us for 600 ms; by then we are back, too. */
const agreeMs = 400;
/** After its last word the board waits so much longer than that takes on the wire, and we still longer: it would not hear us before. */
const pauseMs = 2;
/** Of a tag and a sign, with their start and stop bits. */
const answerBits = 70;
/** How long to wait for the pattern to come back before it is sent again: the board may have been slower. */
const echoMs = 60;
const backMs = 1_500;
/** The UART's clock follows the CPU's below this. */
const leastCpuHz = 80_000_000;
/** How far the rate by the registers may be from the port's. */
const rateTolerance = 0.04;

export interface RaiseOptions {
  readonly rates: readonly number[];
  /** Whether a rate is worth it on a line with this round trip. */
  readonly pays: (baudRate: number, roundTripMs: number) => boolean;
  readonly onNote: (text: string) => void;
  /** A rate that the line does not carry. */
  readonly onUnfit: (baudRate: number) => void;
  /** What stands in the UART's registers before anything is changed. */
  readonly onRegisters: (registers: UartRegisters) => void;
}

/** The helper's first argument: what its answers begin with. */
export function newTag(): string {
  return randomBytes(3).toString('hex');
}

/** The helper's last argument: how many ms it waits until what it said at this rate has left. */
export function leaveMs(baudRate: number): number {
  return Math.ceil((answerBits * 1_000) / baudRate) + pauseMs;
}

/**
 * Talks to device/helpers/speed_up.py, which tells its UART's registers and the CPU's frequency and answers each order with its
 * tag: measures the round trip, then for each rate has the board change, changes this side, sends a pattern until it comes
 * back, and agrees by the tag. Until then the board echoes what it hears; when it hears nothing more it goes back by itself and says so.
 * Resolves to the new rate, or to undefined when none pays or carries.
 */
export async function raiseConsole(
  channel: RawChannel,
  tag: string,
  { rates, pays, onNote, onUnfit, onRegisters }: RaiseOptions,
): Promise<number | undefined> {
  const talk = new SpeedTalk(channel, tag);
  const uart = await talk.ready();
  if (uart === undefined) return undefined;
  if (!isSetTo(channel.port.baudRate, uart)) {
    for (const baudRate of rates) onUnfit(baudRate);
    onNote('the console stays as it is: its UART is not set as MicroPython sets it');
    await talk.say(order.leave);
    return undefined;
  }
  onRegisters(uart);
  const roundTripMs = await talk.roundTrip();
  for (const baudRate of rates) {
    if (!pays(baudRate, roundTripMs)) {
      onNote(
        `no higher rate for this transfer: the line's round trip of ${Math.round(roundTripMs)} ms eats the gain`,
      );
      break;
    }
    if (await talk.attempt(baudRate)) return baudRate;
    onUnfit(baudRate);
    onNote(`this line does not carry ${baudRate} baud`);
  }
  await talk.say(order.leave);
  return undefined;
}

interface Uart extends UartRegisters {
  readonly cpuHz: number;
}

/** Whether the far end of the line is this UART, by the clock that we know. */
function isSetTo(baudRate: number, { cpuHz, ...registers }: Uart): boolean {
  return cpuHz >= leastCpuHz && Math.abs(baudRateOf(registers) / baudRate - 1) <= rateTolerance;
}

class SpeedTalk {
  readonly #channel: RawChannel;
  readonly #tag: string;
  /** No two bytes in a row could be of a tag. */
  readonly #pattern: Uint8Array;

  constructor(channel: RawChannel, tag: string) {
    const first = randomInt(256);
    this.#channel = channel;
    this.#tag = tag;
    this.#pattern = Uint8Array.from({ length: patternBytes }, (_, index) => first + 37 * index);
  }

  /** Undefined when the program has ended: its exception follows. */
  async ready(): Promise<Uart | undefined> {
    const { reader } = this.#channel;
    if (!(await this.#hear(sign.ready, answerMs))) return undefined;
    const text = new TextDecoder().decode(await reader.read(32, { timeoutMs: answerMs }));
    const [divider = NaN, control = NaN, cpuHz = NaN, sum] = (text.match(/.{8}/g) ?? []).map((digits) =>
      parseInt(digits, 16),
    );
    // They are put back later: a bit that the line has flipped must not get into the board.
    if ((divider ^ control ^ cpuHz) >>> 0 !== sum)
      throw protocolError(this.#channel, 'the registers of the UART');
    return { divider, control, cpuHz };
  }

  /** The shortest of a few, in ms. */
  async roundTrip(): Promise<number> {
    let shortestMs = Infinity;
    for (let count = 0; count < pings; count += 1) {
      const askedAtMs = performance.now();
      await this.say(order.ping);
      await this.#mustHear(order.ping, answerMs);
      shortestMs = Math.min(shortestMs, performance.now() - askedAtMs);
    }
    return shortestMs;
  }

  say(text: string): Promise<void> {
    return this.#channel.port.write(new TextEncoder().encode(text));
  }

  /** Whether both sides run at the new rate now; if not, both are back at the old one. */
  async attempt(baudRate: number): Promise<boolean> {
    const { port } = this.#channel;
    const usual = port.baudRate;
    await this.say(order.go);
    // Proves that all that we sent has left every buffer between here and the board.
    await this.#mustHear(order.go, answerMs);
    const changesAt = performance.now() + leaveMs(usual) + pauseMs;
    const deadline = performance.now() + agreeMs;
    try {
      await port.setBaudRate(baudRate);
      await delay(changesAt - performance.now());
      if ((await this.#echoes(deadline)) && (await this.#agrees())) return true;
    } catch (error) {
      if (isUpywError(error, 'port/lost')) throw error;
      // A port that cannot be set to this rate.
    }
    await port.setBaudRate(usual);
    await this.#mustHear(sign.back, backMs);
    return false;
  }

  /** Whether the pattern comes back as it was sent. */
  async #echoes(deadline: number): Promise<boolean> {
    const { port, reader } = this.#channel;
    do {
      await port.write(this.#pattern);
      if (await cameInTime(reader.skipUntil(this.#pattern, { timeoutMs: echoMs }))) return true;
    } while (performance.now() < deadline);
    return false;
  }

  async #agrees(): Promise<boolean> {
    await this.say(this.#tag);
    return cameInTime(this.#hear(sign.agreed, echoMs * 2));
  }

  async #mustHear(wanted: string, timeoutMs: number): Promise<void> {
    if (!(await this.#hear(wanted, timeoutMs)))
      throw protocolError(this.#channel, 'an answer about its rate');
  }

  /** Waits for the tag with what is wanted behind it. False when the program on the board has ended; what else it says is skipped. */
  async #hear(wanted: string, timeoutMs: number): Promise<boolean> {
    const { reader } = this.#channel;
    const deadline = performance.now() + timeoutMs;
    let heard = '';
    while (!heard.endsWith(this.#tag + wanted)) {
      const [byte = 0] = await reader.read(1, { timeoutMs: Math.max(1, deadline - performance.now()) });
      if (byte === endedSign) {
        reader.unread(Uint8Array.of(endedSign));
        return false;
      }
      heard = (heard + String.fromCharCode(byte)).slice(-16);
    }
    return true;
  }
}
