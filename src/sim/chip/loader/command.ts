/** Operations of the serial protocol (Espressif, esptool documentation, "Serial Protocol"). */
export const op = {
  flashBegin: 0x02,
  flashData: 0x03,
  flashEnd: 0x04,
  memBegin: 0x05,
  memEnd: 0x06,
  memData: 0x07,
  sync: 0x08,
  writeReg: 0x09,
  readReg: 0x0a,
  spiSetParams: 0x0b,
  spiAttach: 0x0d,
  readFlashSlow: 0x0e,
  changeBaudRate: 0x0f,
  flashDeflBegin: 0x10,
  flashDeflData: 0x11,
  flashDeflEnd: 0x12,
  spiFlashMd5: 0x13,
  getSecurityInfo: 0x14,
  eraseFlash: 0xd0,
  eraseRegion: 0xd1,
  readFlash: 0xd2,
  runUserCode: 0xd3,
} as const;

const headerSizeBytes = 8;
/** Size, sequence number and two unused words in front of the payload of every DATA command. */
const dataHeaderSizeBytes = 16;

/** One command as it arrived. */
export class Command {
  readonly op: number;
  readonly data: Uint8Array;
  readonly #checksum: number;
  readonly #view: DataView;
  /** The length in the header is that of the data. */
  readonly isWhole: boolean;

  private constructor(frame: Uint8Array) {
    const header = new DataView(frame.buffer, frame.byteOffset, frame.length);
    this.op = header.getUint8(1);
    this.#checksum = header.getUint32(4, true);
    this.data = frame.subarray(headerSizeBytes);
    this.isWhole = header.getUint16(2, true) === this.data.length;
    this.#view = new DataView(this.data.buffer, this.data.byteOffset, this.data.length);
  }

  /** @returns undefined for what is not a request: too short, or not marked as one */
  static parse(frame: Uint8Array): Command | undefined {
    return frame.length >= headerSizeBytes && frame[0] === 0x00 ? new Command(frame) : undefined;
  }

  /** The little-endian word of that number in the data; 0 behind its end. */
  word(index: number): number {
    return 4 * index + 4 <= this.data.length ? this.#view.getUint32(4 * index, true) : 0;
  }

  /** What a DATA command carries; undefined when its own length does not fit. */
  get payload(): Uint8Array | undefined {
    const payload = this.data.subarray(dataHeaderSizeBytes);
    return this.data.length >= dataHeaderSizeBytes && this.word(0) === payload.length ? payload : undefined;
  }

  /** The sequence number of a DATA command. */
  get sequence(): number {
    return this.word(1);
  }

  hasRightChecksum(payload: Uint8Array): boolean {
    let sum = 0xef;
    for (const byte of payload) sum ^= byte;
    return sum === this.#checksum;
  }
}

export interface Answer {
  readonly op: number;
  readonly value: number;
  readonly data?: Uint8Array;
  /** Two bytes from a stub, four from the ROM. */
  readonly status: readonly number[];
}

export function encodeAnswer({ op: answered, value, data = new Uint8Array(0), status }: Answer): Uint8Array {
  const frame = new Uint8Array(headerSizeBytes + data.length + status.length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, 0x01);
  view.setUint8(1, answered);
  view.setUint16(2, data.length + status.length, true);
  view.setUint32(4, value, true);
  frame.set(data, headerSizeBytes);
  frame.set(status, headerSizeBytes + data.length);
  return frame;
}
