import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants, Deflate, Inflate } from 'pako';

/** What goes over the wire in one command, and how much it is in the flash. */
export interface Block {
  readonly data: Uint8Array;
  readonly unpackedBytes: number;
}

/** A stub gathers what it unpacks in a buffer of this size and writes it when that is full (esp-flasher-stub, 32 KiB). */
const windowBytes = 0x8000;
/** What a stub erases at a time, at most. */
const eraseBytes = 0x10000;
/** What is packed or unpacked before others have their turn: a few milliseconds, so that no other board's line stalls. */
const turnBytes = 0x2000;
/** Boards that get the same at the same time share it; it is as large as what they get. */
const mostKept = 2;
/** How finely the stream is searched for the places where a window fills up. */
const stepBytes = 512;

/** For a ROM: as they are, in blocks of one size. */
export function cutBlocks(bytes: Uint8Array, blockSizeBytes: number): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < bytes.length; at += blockSizeBytes) {
    const data = bytes.subarray(at, at + blockSizeBytes);
    blocks.push({ data, unpackedBytes: data.length });
  }
  return blocks;
}

/**
 * For a stub: deflates at the highest level and cuts the result into blocks of at most `blockSizeBytes`. pako is zlib as its authors
 * wrote it; Node's is Chromium's, faster, and 2.7 % larger for a firmware: that would be time on the wire.
 *
 * Where a full block is the longer part of a window, a block also ends where the window is full. A stub starts an
 * erase of 64 KiB with each block that finds the flash idle, and waits for it before it writes a full window. Cut this way, the
 * block that fills a window comes soon after one that started the erase, and a whole block is on the wire while the flash
 * does both; in blocks of one size, two of three keep the wire waiting. Once everything is erased it makes no difference.
 */
async function pack(bytes: Uint8Array, blockSizeBytes: number): Promise<Block[]> {
  const compressed = await deflateInTurns(bytes);
  const unpackedAt = await unpack(compressed);
  const erasedAfterWindows = Math.ceil(bytes.length / eraseBytes);
  const fills = windowFills(unpackedAt).slice(0, erasedAfterWindows);
  const blocks: Block[] = [];
  let at = 0;
  let unpacked = 0;
  while (at < compressed.length) {
    const end = blockEnd(at, Math.min(at + blockSizeBytes, compressed.length), fills, blockSizeBytes);
    const upTo = unpackedAt[Math.ceil(end / stepBytes)] ?? bytes.length;
    blocks.push({ data: compressed.subarray(at, end), unpackedBytes: upTo - unpacked });
    at = end;
    unpacked = upTo;
  }
  return blocks;
}

const packed = new Map<string, Promise<Block[]>>();

/** As `pack`, once for all boards that get the same. */
export function packBlocks(bytes: Uint8Array, blockSizeBytes: number): Promise<Block[]> {
  const key = `${blockSizeBytes} ${createHash('md5').update(bytes).digest('hex')}`;
  const blocks = packed.get(key) ?? pack(bytes, blockSizeBytes);
  packed.delete(key);
  packed.set(key, blocks);
  for (const oldest of packed.keys()) if (packed.size > mostKept) packed.delete(oldest);
  return blocks;
}

/** The same bytes as in one go: zlib looks ahead for itself, however its input is cut. */
async function deflateInTurns(bytes: Uint8Array): Promise<Uint8Array> {
  const deflate = new Deflate({ level: 9 });
  for (let at = 0; ; at += turnBytes) {
    const isLast = at + turnBytes >= bytes.length;
    deflate.push(bytes.subarray(at, at + turnBytes), isLast);
    if (isLast) return deflate.result;
    await nextTurn();
  }
}

/** How many bytes are unpacked after each step of the compressed stream; none after step 0. */
async function unpack(compressed: Uint8Array): Promise<number[]> {
  const unpackedAt = [0];
  const inflate = new Inflate({ chunkSize: 0x10000 });
  let unpacked = 0;
  inflate.onData = (chunk) => {
    unpacked += chunk instanceof ArrayBuffer ? chunk.byteLength : chunk.length;
  };
  for (let at = 0; at < compressed.length; at += stepBytes) {
    inflate.push(compressed.subarray(at, at + stepBytes), constants.Z_SYNC_FLUSH);
    unpackedAt.push(unpacked);
    if (at % turnBytes === 0) await nextTurn();
  }
  return unpackedAt;
}

/** Where in the compressed stream each window is surely full, in whole steps. */
function windowFills(unpackedAt: readonly number[]): number[] {
  const fills: number[] = [];
  unpackedAt.forEach((unpacked, step) => {
    while (unpacked >= (fills.length + 1) * windowBytes) fills.push(step * stepBytes);
  });
  return fills;
}

function blockEnd(at: number, latest: number, fills: readonly number[], blockSizeBytes: number): number {
  const index = fills.findIndex((fill) => fill > at);
  const fill = fills[index] ?? Infinity;
  const windowStart = fills[index - 1] ?? 0;
  return fill < latest && fill - windowStart > blockSizeBytes ? fill : latest;
}
