import { randomInt, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isUpywError } from '../errors.js';
import type { RawChannel } from '../rawrepl/raw-repl.js';
import { protocolError } from '../rawrepl/send-code.js';
import { cameInTime } from '../transport/came-in-time.js';
import { endedSign } from './helper-signs.js';
import type { UartRegisters } from './uart-divider.js';

/** What device/helpers/speed_up.py says behind its tag. */
const sign = { ready: 'Y', pong: 'p', changing: 'g', agreed: 'K', back: 'B' } as const;
/** What it is told. Anything else ends it. */
const order = { ping: 'p', go: 'g', leave: 'x' } as const;

const pings = 3;
const patternBytes = 64;
/** For answers that need no work from the board. */
const answerMs = 1_000;
/** The board goes back when it has not heard us within 600 ms; by then we are back, too. */
const agreeMs = 400;
/** The board changes its rate 10 ms after its last word, and would not hear what comes before. */
const changeMs = 12;
/** How long to wait for the pattern to come back before it is sent again: the board may have been slower. */
const echoMs = 60;
const backMs = 1_500;

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

/** The arguments of the helper, beside the rates. */
export interface RaiseTokens {
  readonly tag: string;
  /** The pattern's first byte. */
  readonly first: number;
}

export function newTokens(): RaiseTokens {
  return { tag: randomBytes(3).toString('hex'), first: randomInt(256) };
}

/**
 * Talks to device/helpers/speed_up.py: measures the round trip, then for each rate has the board change (its last word at the
 * old rate says that it will), changes this side, sends a pattern until it comes back, and confirms. A board that
 * hears no confirmation goes back by itself and says so. Resolves to the new rate, or to undefined when none pays or carries.
 */
export async function raiseConsole(
  channel: RawChannel,
  { tag, first }: RaiseTokens,
  { rates, pays, onNote, onUnfit, onRegisters }: RaiseOptions,
): Promise<number | undefined> {
  const talk = new SpeedTalk(channel, tag, first);
  const registers = await talk.ready();
  if (registers === undefined) return undefined;
  onRegisters(registers);
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

class SpeedTalk {
  readonly #channel: RawChannel;
  readonly #tag: string;
  readonly #pattern: Uint8Array;

  constructor(channel: RawChannel, tag: string, first: number) {
    this.#channel = channel;
    this.#tag = tag;
    this.#pattern = Uint8Array.from({ length: patternBytes }, (_, index) => first + 37 * index);
  }

  /** The registers as they are; undefined when the program has ended: its exception follows. */
  async ready(): Promise<UartRegisters | undefined> {
    const { reader } = this.#channel;
    if (!(await this.#hear(sign.ready, answerMs))) return undefined;
    const text = new TextDecoder().decode(await reader.read(16, { timeoutMs: answerMs }));
    if (!/^[0-9a-f]{16}$/.test(text)) throw protocolError(this.#channel, 'the registers of the UART');
    return { divider: parseInt(text.slice(0, 8), 16), control: parseInt(text.slice(8), 16) };
  }

  /** The shortest of a few, in ms. */
  async roundTrip(): Promise<number> {
    let shortestMs = Infinity;
    for (let count = 0; count < pings; count += 1) {
      const askedAtMs = performance.now();
      await this.say(order.ping);
      await this.#mustHear(sign.pong, answerMs);
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
    await this.#mustHear(sign.changing, answerMs);
    const changesAt = performance.now() + changeMs;
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
      if (await cameInTime(reader.readUntil(this.#pattern, quietly(echoMs)))) return true;
    } while (performance.now() < deadline);
    return false;
  }

  async #agrees(): Promise<boolean> {
    await this.#channel.port.write(this.#pattern.map((byte) => 255 - byte));
    return cameInTime(this.#hear(sign.agreed, echoMs * 2));
  }

  async #mustHear(wanted: string, timeoutMs: number): Promise<void> {
    if (!(await this.#hear(wanted, timeoutMs)))
      throw protocolError(this.#channel, 'an answer about its rate');
  }

  /** False when the program on the board has ended; what else it says is skipped. */
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

function quietly(timeoutMs: number) {
  return { timeoutMs, keep: false, onData: () => undefined };
}
