import type { Socket } from 'node:net';
import { UpywError } from '../../errors.js';
import { ComPortLink } from './com-port-link.js';
import {
  comPortCommand,
  comPortControl,
  decodeBaudRate,
  encodeBaudRate,
  type ComPortCommand,
} from './com-port.js';
import { throwIfInterrupted } from '../interrupt.js';
import { PortListeners } from '../port-listeners.js';
import { PortWriter } from '../port-writer.js';
import type { OpenOptions, Port, PortLines } from '../port.js';
import { parseRfc2217Name, type Rfc2217Name } from './rfc2217-name.js';
import { connectTcp } from '../network/tcp.js';

/**
 * How long to wait for an answer about lines or buffers, on top of a few round trips: servers that give none are tolerated
 * (ser2net gives none about the lines of a pseudo-terminal).
 */
const courtesyMs = 500;
const courtesyRoundTrips = 4;
/** How far the rate that was set may lie from the one asked for: beyond that the line garbles. */
const baudTolerance = 0.03;

/**
 * Opens `rfc2217://host:port`: a serial port behind a Telnet server, lines and baud rate included (RFC 2217).
 * Throws `usage/bad-port`, `port/refused`, `port/busy`, `port/silent`, `port/failed` or `run/interrupted`.
 */
export async function openRfc2217Port(name: string, { baudRate, signal }: OpenOptions): Promise<Port> {
  const parsed = parseRfc2217Name(name);
  const socket = await connectTcp(name, parsed.address, signal);
  const port = new Rfc2217Port(name, parsed, socket, baudRate);
  const onAbort = () => void port.close();
  signal?.addEventListener('abort', onAbort);
  try {
    await port.negotiate();
    throwIfInterrupted(signal);
    return port;
  } catch (error) {
    await port.close();
    throwIfInterrupted(signal);
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

class Rfc2217Port implements Port {
  readonly name: string;
  readonly kind = 'rfc2217';
  readonly capabilities = { lines: true, baudRate: true };
  readonly #timeoutMs: number;
  readonly #listeners = new PortListeners();
  readonly #link: ComPortLink;
  readonly #writer: PortWriter;
  #baudRate: number;
  /** As far as we told the server. */
  #lines: PortLines = { dtr: false, rts: false };
  #waitsForControl: boolean;
  #courtesyMs = courtesyMs;
  /** When the bytes sent so far will have left the far end's UART; answers come after them. */
  #wireBusyUntilMs = 0;
  #closing: Promise<void> | undefined;

  constructor(name: string, parsed: Rfc2217Name, socket: Socket, baudRate: number) {
    this.name = name;
    this.#timeoutMs = parsed.timeoutMs;
    this.#waitsForControl = !parsed.ignoresControlAnswers;
    this.#baudRate = baudRate;
    this.#writer = new PortWriter(this, this.#listeners, (piece) => this.#send(piece));
    this.#link = new ComPortLink(name, socket, {
      data: (bytes) => {
        this.#listeners.deliver(bytes);
      },
      end: (reason) => {
        this.#listeners.end(reason);
      },
    });
  }

  get baudRate(): number {
    return this.#baudRate;
  }

  /** Agrees on the protocol, then on the settings. Bytes that come meanwhile (a banner, old output) are dropped. */
  async negotiate(): Promise<void> {
    const askedAtMs = performance.now();
    await this.#link.agree(this.#timeoutMs);
    this.#courtesyMs += courtesyRoundTrips * (performance.now() - askedAtMs);
    try {
      await Promise.all([
        this.#requestBaudRate(this.#baudRate),
        this.#ask(comPortCommand.setDataSize, 8),
        this.#ask(comPortCommand.setParity, 1),
        this.#ask(comPortCommand.setStopSize, 1),
        this.#ask(comPortCommand.purgeData, 3),
        this.#control([comPortControl.noFlowControl, ...lineValues({ dtr: false, rts: false })]),
      ]);
    } catch (error) {
      // ser2net agrees with everybody, and only then says that its port is in use.
      throw this.#listeners.closed ? this.#link.refusal() : error;
    }
  }

  subscribe(...[listener]: Parameters<Port['subscribe']>): () => void {
    return this.#listeners.subscribe(listener);
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#writer.write(bytes);
  }

  drain(): Promise<void> {
    return this.#writer.run(() => Promise.resolve());
  }

  setBaudRate(baudRate: number): Promise<void> {
    return this.#writer.run(async () => {
      await this.#requestBaudRate(baudRate);
      this.#baudRate = baudRate;
    });
  }

  async setLines(lines: Partial<PortLines>): Promise<void> {
    this.#throwIfClosed();
    this.#lines = { ...this.#lines, ...lines };
    await this.#control(lineValues(lines));
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#shutDown());
  }

  async #shutDown(): Promise<void> {
    await this.#writer.finish();
    const { dtr, rts } = this.#listeners.closed ? { dtr: false, rts: false } : this.#lines;
    this.#listeners.end();
    // Only what is on: to esptool's esp_rfc2217_server every "RTS off" is the order to reset the board.
    for (const value of lineValues({ ...(dtr && { dtr: false }), ...(rts && { rts: false }) })) {
      this.#link.requests.send(comPortCommand.setControl, Uint8Array.of(value));
    }
    await this.#link.close();
  }

  #throwIfClosed(): void {
    if (this.#listeners.closed) throw this.#listeners.lostError(this.name);
  }

  #ask(command: ComPortCommand, value: number): Promise<Uint8Array | undefined> {
    return this.#link.requests.request(command, Uint8Array.of(value), this.#courtesyMs + this.#backlogMs());
  }

  async #requestBaudRate(baudRate: number): Promise<void> {
    const waitedMs = Math.round(this.#timeoutMs + this.#backlogMs());
    const value = encodeBaudRate(baudRate);
    const answer = await this.#link.requests.request(comPortCommand.setBaudRate, value, waitedMs);
    this.#throwIfClosed();
    if (answer === undefined) throw new UpywError('port/silent', { port: this.name, waitedMs });
    const actual = decodeBaudRate(answer) ?? 0;
    // 0 means that the server cannot tell.
    if (actual !== 0 && Math.abs(actual - baudRate) > baudRate * baudTolerance) {
      const reason = `it runs at ${actual} baud, not at the ${baudRate} it was asked for`;
      throw new UpywError('port/failed', { port: this.name, reason });
    }
  }

  /**
   * Wrong answers count (sredird answers each with the same value), and a server that gives none is waited for only once:
   * pyserial's `rfc2217.py` lists such servers.
   */
  async #control(values: readonly number[]): Promise<void> {
    const answers = values.map((value) => this.#ask(comPortCommand.setControl, value));
    if (!this.#waitsForControl) return;
    const missing = (await Promise.all(answers)).includes(undefined);
    this.#throwIfClosed();
    if (missing) this.#waitsForControl = false;
  }

  #send(piece: Uint8Array): Promise<void> {
    const wireMs = (piece.length * 10_000) / this.#baudRate;
    this.#wireBusyUntilMs = Math.max(this.#wireBusyUntilMs, performance.now()) + wireMs;
    return this.#link.write(piece);
  }

  #backlogMs(): number {
    return Math.max(0, this.#wireBusyUntilMs - performance.now());
  }
}

/**
 * Each line goes in a message of its own, so between the two the board sees one changed and one not. RTS alone is a reset,
 * DTR alone does no harm: so RTS is let go before DTR, and otherwise DTR changes first.
 */
function lineValues({ dtr, rts }: Partial<PortLines>): number[] {
  const dtrValues = dtr === undefined ? [] : [dtr ? comPortControl.dtrOn : comPortControl.dtrOff];
  const rtsValues = rts === undefined ? [] : [rts ? comPortControl.rtsOn : comPortControl.rtsOff];
  return rts === false && dtr !== true ? [...rtsValues, ...dtrValues] : [...dtrValues, ...rtsValues];
}
