import { UpywError, isOfFamily } from '../../errors.js';

/** Commands of the serial protocol (Espressif, "Serial Protocol"); from 0xd0 on a stub only. */
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
} as const;

/** What each command does, to read on in "the chip refused to …". */
const doing: Readonly<Record<number, string>> = {
  [op.flashBegin]: 'begin writing',
  [op.flashData]: 'take data',
  [op.flashEnd]: 'end writing',
  [op.memBegin]: 'take a stub',
  [op.memEnd]: 'start the stub',
  [op.memData]: 'take a stub',
  [op.writeReg]: 'write a register',
  [op.readReg]: 'read a register',
  [op.spiSetParams]: 'take the size of the flash',
  [op.spiAttach]: 'attach the flash',
  [op.readFlashSlow]: 'read the flash',
  [op.changeBaudRate]: 'change the baud rate',
  [op.flashDeflBegin]: 'begin writing',
  [op.flashDeflData]: 'take data',
  [op.flashDeflEnd]: 'end writing',
  [op.spiFlashMd5]: 'digest the flash',
  [op.eraseFlash]: 'erase the flash',
  [op.eraseRegion]: 'erase the flash',
  [op.readFlash]: 'read the flash',
};

/** Second status byte of the ROM, after a first one of 1 (esp-rs/espflash, `error.rs`, `RomErrorKind`). */
const romMeanings: Readonly<Record<number, string>> = {
  0x05: 'it does not know the command',
  0x06: 'it failed to act',
  0x07: 'the data arrived damaged',
  0x08: 'writing the flash failed',
  0x09: 'reading the flash failed',
  0x0a: 'wrong length for reading the flash',
  0x0b: 'the compressed data is damaged',
};

/** First status byte of a stub (esp-flasher-stub, `commands.h`, `esp_response_code`). */
const stubMeanings: Readonly<Record<number, string>> = {
  0xc0: 'wrong length',
  0xc1: 'the data arrived damaged',
  0xc2: 'wrong block size',
  0xc3: 'it does not know the command',
  0xc4: 'the flash chip failed',
  0xc5: 'the flash chip is write-protected',
  0xc6: 'it was not told to write',
  0xc7: 'the compressed data is damaged',
  0xc8: 'too little data',
  0xc9: 'too much data',
  0xff: 'it cannot do that',
};

/** The status of a reply that is not success. */
export interface Refusal {
  readonly command: number;
  /** What was tried, where the table above does not say it. */
  readonly description?: string;
  readonly status0: number;
  readonly status1: number;
}

/** A `loader/refused` from the two status bytes of a reply. Of them only the first tells success, by being 0. */
export function refusedError(refusal: Refusal): UpywError<'loader/refused'> {
  const { command, description, status0, status1 } = refusal;
  const meaning = status0 === 1 ? romMeanings[status1] : stubMeanings[status0];
  const hexByte = (value: number): string => value.toString(16).padStart(2, '0');
  return new UpywError('loader/refused', {
    doing: doing[command] ?? description ?? `run command 0x${hexByte(command)}`,
    status: `${hexByte(status0)}${hexByte(status1)}`,
    meaning: meaning ?? 'for a reason it does not tell',
  });
}

/**
 * Whether trying again may help. What a line does to bytes shows as silence or as a refusal, whichever the chip made of what
 * it got, or we of what it said: answers carry no check value.
 */
export function isLineTrouble(error: unknown): boolean {
  return isOfFamily(error, 'loader') && error.retryable;
}

/** Little-endian 32-bit words, as all arguments are sent. */
export function packWords(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint32(index * 4, value, true);
  });
  return bytes;
}

/** Checksum of a data command: XOR of the data alone, seeded 0xEF. */
export function checksumOf(data: Uint8Array): number {
  let state = 0xef;
  for (let index = 0; index < data.length; index++) state ^= data[index] ?? 0;
  return state;
}

/** A request: `00 op len16 checksum32 data`, before framing. */
export function packRequest(command: number, data: Uint8Array, checksum = 0): Uint8Array {
  const packet = new Uint8Array(8 + data.length);
  const view = new DataView(packet.buffer);
  view.setUint8(1, command);
  view.setUint16(2, data.length, true);
  view.setUint32(4, checksum, true);
  packet.set(data, 8);
  return packet;
}

/** A data command's body: `size32 sequence32 0 0 data`, with its checksum. */
export function packDataRequest(command: number, data: Uint8Array, sequence: number): Uint8Array {
  const body = new Uint8Array(16 + data.length);
  body.set(packWords(data.length, sequence, 0, 0));
  body.set(data, 16);
  return packRequest(command, body, checksumOf(data));
}

export interface Reply {
  readonly command: number;
  readonly value: number;
  /** What follows the header: data, then 2 (stub) or 4 (ROM) bytes of status. */
  readonly body: Uint8Array;
}

/** Reads a frame as a reply, `01 op len16 value32 …`; undefined for boot messages, noise and flash data. */
export function parseReply(frame: Uint8Array): Reply | undefined {
  if (frame.length < 10 || frame[0] !== 1) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  return { command: view.getUint8(1), value: view.getUint32(4, true), body: frame.subarray(8) };
}
