import { isChipSize } from './chip-size.js';
import { imageMagic } from './image-header.js';
import { isBlank } from './is-blank.js';

const utf8 = new TextDecoder();

function startsWith(bytes: Uint8Array, ...magic: number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

/** Names what a file that is no ESP32 image is instead, in words for a message: `a web page`. */
export function looksLike(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return 'a zip archive';
  if (startsWith(bytes, 0x1f, 0x8b)) return 'a gzip archive';
  if (startsWith(bytes, 0x37, 0x7a, 0xbc, 0xaf)) return 'a 7-Zip archive';
  if (startsWith(bytes, 0x7f, 0x45, 0x4c, 0x46)) return 'an ELF file, what the linker leaves';
  if (startsWith(bytes, 0x55, 0x46, 0x32, 0x0a)) return 'a UF2 file, for boards that show up as a drive';
  if (isEsp8266Image(bytes)) return 'a firmware for the ESP8266';
  if (isBlank(bytes)) return 'blank (only 0xFF)';
  if (bytes.every((byte) => byte === 0)) return 'all zeros';
  const text = describeText(bytes);
  if (text !== undefined) return text;
  return isNoise(bytes) ? 'nothing but noise, as the flash of an encrypted chip' : 'data of an unknown kind';
}

/** Where a web page begins inside the bytes, for a download that broke off; undefined where there is none. */
export function findWebPage(bytes: Uint8Array): number | undefined {
  const offset = new TextDecoder('latin1').decode(bytes).search(/<!doctype html|<html[\s>]|<head[\s>]/i);
  return offset === -1 ? undefined : offset;
}

/** The ESP8266 uses the same magic byte, but loads everything to RAM below 0x40400000 and has no extended header. */
function isEsp8266Image(bytes: Uint8Array): boolean {
  if (bytes.length < 16 || bytes[0] !== imageMagic) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const entry = view.getUint32(4, true);
  const firstAddress = view.getUint32(8, true);
  const isCode = (address: number): boolean => address >>> 20 === 0x401;
  return isCode(entry) && (isCode(firstAddress) || firstAddress >>> 20 === 0x3ff);
}

function describeText(bytes: Uint8Array): string | undefined {
  const text = utf8.decode(bytes.subarray(0, 4096));
  // A multi-byte character may be cut at the end, nothing else may be undecodable.
  const strange = Array.from(text.slice(0, -1)).filter(
    (char) => char === '\ufffd' || (char < ' ' && !'\t\r\n\f\u001b'.includes(char)),
  );
  if (strange.length > 0) return undefined;
  if (findWebPage(bytes.subarray(0, 4096)) !== undefined) return 'a web page, so the download went wrong';
  if (/^\s*[[{]/.test(text)) return 'a JSON file';
  if (/^:[0-9A-F]{10,}/i.test(text)) return 'an Intel HEX file';
  return 'a text file';
}

/** Of so many bytes, each of the 256 values comes some 256 times; in code, text and blank flash one comes far more often. */
const noiseSampleBytes = 0x10000;
const mostOften = 400;

/** Whether a whole chip's bytes look drawn by lot where its bootloader and its partition table would be. */
function isNoise(bytes: Uint8Array): boolean {
  if (!isChipSize(bytes.length)) return false;
  const counts = new Uint32Array(256);
  for (const byte of bytes.subarray(0x1000, 0x1000 + noiseSampleBytes))
    counts[byte] = (counts[byte] ?? 0) + 1;
  return Math.max(...counts) < mostOften;
}
