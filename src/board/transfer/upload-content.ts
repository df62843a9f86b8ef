import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { UpywError } from '../../errors.js';

/** A file to be written: its size is told to the board first, its content is asked for when its turn has come. */
export interface FileToWrite {
  /** On the board. */
  readonly path: string;
  readonly sizeBytes: number;
  /** It holds a password or the like: what records the wire gets lengths and digests in place of bytes. */
  readonly isSecret?: boolean | undefined;
  /** All of it, or piece by piece, so that a large file need not be in memory. May be called again when a line is bad. */
  load(): FileContent | Promise<FileContent>;
}

export type FileContent = Uint8Array | AsyncIterable<Uint8Array>;

/** Some bytes of what travels, and how many bytes of a file they stand for. */
export interface UploadPiece {
  readonly bytes: Uint8Array;
  readonly contentBytes: number;
}

/** A section is compressed on its own, so that neither side ever holds more of a file. */
export const sectionBytes = 65_536;
/** The board keeps the window in its RAM: 4 KiB is what one with 60 kB free can spare. */
const maxWindowBits = 12;
const minWindowBits = 9;

const deflate = promisify(deflateRaw);

/**
 * What travels for a file: per section of 64 KiB one byte, the window bits of its raw deflate or 0 where it is as it is,
 * and its content; then the SHA-256 of the whole file, which `onDigest` hears of before.
 */
export async function* uploadContent(
  file: FileToWrite,
  compress: boolean,
  onDigest: (digest: Buffer) => void,
): AsyncGenerator<UploadPiece> {
  const hash = createHash('sha256');
  for await (const section of sections(file)) {
    hash.update(section);
    yield* encode(section, compress);
  }
  const digest = hash.digest();
  onDigest(digest);
  yield { bytes: digest, contentBytes: 0 };
}

/** A section as it is where compression does not make it shorter. */
async function* encode(section: Uint8Array, compress: boolean): AsyncGenerator<UploadPiece> {
  const windowBits = Math.max(minWindowBits, Math.min(maxWindowBits, Math.ceil(Math.log2(section.length))));
  const packed = compress ? await deflate(section, { level: 9, memLevel: 9, windowBits }) : section;
  const isShorter = packed.length < section.length;
  yield { bytes: Uint8Array.of(isShorter ? windowBits : 0), contentBytes: 0 };
  yield { bytes: isShorter ? packed : section, contentBytes: section.length };
}

/** A file's content in sections, however it comes. Throws `file/failed` when it is not as long as the board was told. */
export async function* sections(file: FileToWrite): AsyncGenerator<Uint8Array> {
  const changed = () =>
    new UpywError('file/failed', { path: file.path, reason: 'it changed while it was being copied' });
  const content = await file.load();
  let leftBytes = file.sizeBytes;
  let section: Uint8Array[] = [];
  for await (const piece of content instanceof Uint8Array ? [content] : content) {
    if (piece.length > leftBytes) throw changed();
    for (let at = 0; at < piece.length;) {
      const pendingBytes = section.reduce((sum, { length }) => sum + length, 0);
      const part = piece.subarray(at, at + sectionBytes - pendingBytes);
      at += part.length;
      leftBytes -= part.length;
      section.push(part);
      if (pendingBytes + part.length < sectionBytes && leftBytes > 0) continue;
      yield section.length === 1 ? part : Buffer.concat(section);
      section = [];
    }
  }
  if (leftBytes > 0) throw changed();
}
