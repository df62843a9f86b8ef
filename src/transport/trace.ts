import { Buffer } from 'node:buffer';
import { type Hash, createHash } from 'node:crypto';
import { succeedsWithin } from './deadline.js';
import type { Port, PortListener, PortLines, UsbIdentity } from './port.js';

type Direction = '<' | '>';

/** Where the log goes. */
export interface TraceSink {
  write(text: string): unknown;
  /** Called once, when nothing more comes; `done` says that all is written, and nobody has the file open any more. */
  end(done: () => void): unknown;
}

const bytesPerLine = 16;
const endTimeoutMs = 1000;

/**
 * The same port, with all that passes it written down: `    1234.5 > 03 0d …  |..|`: milliseconds since the trace began, `>` for what
 * the board is sent, `<` for what it says, `=` for lines, rate and the end. `close` resolves when the log is written and closed.
 *
 * Of what passes while it is told to `conceal`, the log has lengths, and at the end a SHA-256 for each direction. All else
 * it holds as it is, what a user types included: whoever opens that file makes it readable by its owner only (mode 0o600).
 * An error of the sink is the sink's to report.
 */
export function tracePort(port: Port, sink: TraceSink): Port {
  return new TracedPort(port, sink);
}

class TracedPort implements Port {
  readonly usb?: UsbIdentity;
  readonly #port: Port;
  readonly #sink: TraceSink;
  readonly #startedAtMs = performance.now();
  #closing: Promise<void> | undefined;
  #hasEnded = false;
  #concealed: Record<Direction, { hash: Hash; sizeBytes: number }> | undefined;

  constructor(port: Port, sink: TraceSink) {
    this.#port = port;
    this.#sink = sink;
    if (port.usb !== undefined) this.usb = port.usb;
    this.#note(`${port.name} at ${port.baudRate} baud`);
    // A listener of its own: what arrives is logged once, however many listen.
    port.subscribe({
      data: (bytes) => {
        this.#logBytes('<', bytes);
      },
      close: (reason) => {
        this.#note(reason === undefined ? 'closed' : `lost: ${reason.message}`);
      },
    });
  }

  get name(): string {
    return this.#port.name;
  }
  get isFresh(): boolean {
    return this.#port.isFresh === true;
  }
  get kind(): Port['kind'] {
    return this.#port.kind;
  }
  get baudRate(): number {
    return this.#port.baudRate;
  }
  get capabilities(): Port['capabilities'] {
    return this.#port.capabilities;
  }

  subscribe(listener: PortListener): () => void {
    return this.#port.subscribe(listener);
  }

  write(bytes: Uint8Array): Promise<void> {
    this.#logBytes('>', bytes);
    return this.#port.write(bytes);
  }

  drain(): Promise<void> {
    return this.#port.drain();
  }

  setBaudRate(baudRate: number): Promise<void> {
    this.#note(`${baudRate} baud`);
    return this.#port.setBaudRate(baudRate);
  }

  setLines(lines: Partial<PortLines>): Promise<void> {
    this.#note(
      Object.entries(lines)
        .map(([line, on]) => `${line.toUpperCase()} ${on ? 'on' : 'off'}`)
        .join(', '),
    );
    return this.#port.setLines(lines);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    try {
      await this.#port.close();
    } finally {
      this.#hasEnded = true;
      const ended = new Promise<void>((resolve) => this.#sink.end(resolve));
      await succeedsWithin(ended, endTimeoutMs);
    }
  }

  conceal(): () => void {
    const fresh = () => ({ hash: createHash('sha256'), sizeBytes: 0 });
    const concealed = { '>': fresh(), '<': fresh() };
    this.#concealed = concealed;
    this.#note('what follows is secret: lengths only');
    return () => {
      if (this.#concealed !== concealed) return;
      this.#concealed = undefined;
      for (const direction of ['>', '<'] as const) {
        const { hash, sizeBytes } = concealed[direction];
        this.#note(`${direction} ${sizeBytes} bytes of it, SHA-256 ${hash.digest('hex')}`);
      }
    };
  }

  #logBytes(direction: Direction, bytes: Uint8Array): void {
    const time = this.#time();
    if (this.#concealed !== undefined) {
      const concealed = this.#concealed[direction];
      concealed.hash.update(bytes);
      concealed.sizeBytes += bytes.length;
      this.#write(`${time} ${direction} ${bytes.length} bytes\n`);
      return;
    }
    let text = '';
    for (let at = 0; at < bytes.length; at += bytesPerLine) {
      const row = Buffer.from(bytes.subarray(at, at + bytesPerLine));
      const hex = row.toString('hex').replaceAll(/..(?=.)/g, '$& ');
      const ascii = row.toString('latin1').replaceAll(/[^\x20-\x7e]/g, '.');
      text += `${time} ${direction} ${hex.padEnd(bytesPerLine * 3 - 1)}  |${ascii}|\n`;
    }
    this.#write(text);
  }

  #note(text: string): void {
    this.#write(`${this.#time()} = ${text}\n`);
  }

  #write(text: string): void {
    if (!this.#hasEnded) this.#sink.write(text);
  }

  #time(): string {
    return (performance.now() - this.#startedAtMs).toFixed(1).padStart(10);
  }
}
