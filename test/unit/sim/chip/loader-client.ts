import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chipIdentity } from '../../../../src/sim/chip/identity.js';
import { startRom, type RomOptions } from '../../../../src/sim/chip/loader/rom.js';
import type { Flash, Guest } from '../../../../src/sim/guest.js';
import { FakeHost } from './fake-host.js';

export interface Reply {
  op: number;
  value: number;
  /** Data and status together, as they are on the wire. */
  body: number[];
}

/** `07 07 12 20` and 32 × `55`. */
export const syncData = Uint8Array.of(0x07, 0x07, 0x12, 0x20, ...Array<number>(32).fill(0x55));

export function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint32(4 * index, value, true);
  });
  return bytes;
}

export function dataBlock(payload: Uint8Array, sequence: number): Uint8Array {
  return Uint8Array.of(...words(payload.length, sequence, 0, 0), ...payload);
}

export function checksum(payload: Uint8Array): number {
  return payload.reduce((sum, byte) => sum ^ byte, 0xef);
}

/** A client of ROM and stub, with framing of its own, one command after another. */
export class LoaderClient {
  readonly host: FakeHost;
  readonly guest: Guest;
  #read = 0;

  constructor(options: Partial<RomOptions> = {}, flash?: Flash) {
    this.host = new FakeHost(flash);
    this.guest = startRom({ identity: chipIdentity(''), ...options })(this.host, 'power-on');
  }

  sendFrame(frame: Uint8Array): void {
    const escaped = [...frame].flatMap((byte) =>
      byte === 0xc0 ? [0xdb, 0xdc] : byte === 0xdb ? [0xdb, 0xdd] : [byte],
    );
    this.guest.receive(Uint8Array.of(0xc0, ...escaped, 0xc0));
  }

  send(op: number, data: Uint8Array = new Uint8Array(0), sum = 0): void {
    const size = [data.length & 0xff, data.length >> 8];
    this.sendFrame(Uint8Array.of(0x00, op, ...size, ...words(sum), ...data));
  }

  /** The next frame from the chip. */
  async frame(): Promise<number[]> {
    const deadlineMs = performance.now() + 10_000;
    while (performance.now() < deadlineMs) {
      const frame = this.#takeFrame();
      if (frame !== undefined) return frame;
      await new Promise(setImmediate);
    }
    throw new Error('the chip sent no frame');
  }

  async reply(): Promise<Reply> {
    const frame = await this.frame();
    const view = new DataView(Uint8Array.from(frame).buffer);
    if (frame[0] !== 0x01 || view.getUint16(2, true) !== frame.length - 8) throw new Error('not an answer');
    return { op: frame[1]!, value: view.getUint32(4, true), body: frame.slice(8) };
  }

  async call(op: number, data?: Uint8Array, sum?: number): Promise<Reply> {
    this.send(op, data, sum);
    return this.reply();
  }

  async callBlock(op: number, payload: Uint8Array, sequence: number): Promise<Reply> {
    return this.call(op, dataBlock(payload, sequence), checksum(payload));
  }

  /** Nothing comes even when the chip is given time. */
  async isSilent(): Promise<boolean> {
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    return this.#takeFrame() === undefined;
  }

  #takeFrame(): number[] | undefined {
    const { sent } = this.host;
    const start = sent.indexOf(0xc0, this.#read);
    const end = sent.indexOf(0xc0, start + 1);
    if (start < 0 || end < 0) return undefined;
    const frame: number[] = [];
    for (let at = start + 1; at < end; at++) {
      if (sent[at] !== 0xdb) frame.push(sent[at]!);
      else frame.push(sent[++at] === 0xdc ? 0xc0 : 0xdb);
    }
    this.#read = end + 1;
    return frame;
  }
}

export interface StubFile {
  entry: number;
  text: string;
  text_start: number;
  data: string;
  data_start: number;
}

/** The stub that esptool-js uploads to an ESP32. */
export function readStub(): StubFile {
  const root = dirname(createRequire(import.meta.url).resolve('esptool-js'));
  const path = join(
    root.replace(/(node_modules[\\/]esptool-js).*/, '$1'),
    'lib/targets/stub_flasher/esp32.json',
  );
  return JSON.parse(readFileSync(path, 'utf8')) as StubFile;
}

/** Uploads the stub in one block per part and starts it. */
export async function startStub(client: LoaderClient, stub = readStub()): Promise<void> {
  for (const [text, address] of [
    [stub.text, stub.text_start],
    [stub.data, stub.data_start],
  ] as const) {
    const bytes = new Uint8Array(Buffer.from(text, 'base64'));
    await client.call(0x05, words(bytes.length, 1, bytes.length, address));
    await client.callBlock(0x07, bytes, 0);
  }
  await client.call(0x06, words(0, stub.entry));
}
