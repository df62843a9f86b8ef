import type { Buffer } from 'node:buffer';
import type { FileToWrite, UploadPiece } from './upload-content.js';
import { uploadContent } from './upload-content.js';
import type { Block } from './upload-blocks.js';
import { blockContentBytes, makeBlock } from './upload-blocks.js';

/** The receiver gives up 2 s after the last byte that it got. */
const keepAliveMs = 700;

/**
 * All that travels for these files, one after the other without a gap, in blocks. While the content of a file is being
 * waited for, what there is goes, and blocks without content keep the receiver waiting. `digests` gets each file's
 * SHA-256 before the block with its end.
 */
export async function* uploadStream(
  files: readonly FileToWrite[],
  compress: boolean,
  digests: Buffer[],
): AsyncGenerator<Block> {
  const content = new Uint8Array(blockContentBytes);
  let usedBytes = 0;
  let doneBytes = 0; // may be a fraction: of a compressed section
  let index = 0;
  const nextBlock = () => {
    const block = makeBlock(index, content.subarray(0, usedBytes), Math.floor(doneBytes));
    index += 1;
    usedBytes = 0;
    return block;
  };
  for await (const piece of inTime(allContent(files, compress, digests))) {
    for (let at = 0; piece !== undefined && at < piece.bytes.length;) {
      const part = piece.bytes.subarray(at, at + blockContentBytes - usedBytes);
      content.set(part, usedBytes);
      at += part.length;
      usedBytes += part.length;
      doneBytes += (piece.contentBytes * part.length) / piece.bytes.length;
      if (usedBytes === blockContentBytes) yield nextBlock();
    }
    if (piece === undefined) yield nextBlock();
  }
  if (usedBytes > 0) yield nextBlock();
}

async function* allContent(
  files: readonly FileToWrite[],
  compress: boolean,
  digests: Buffer[],
): AsyncGenerator<UploadPiece> {
  for (const file of files) yield* uploadContent(file, compress, (digest) => void digests.push(digest));
}

/** The next piece is made while this one is on its way; `undefined` whenever it takes long. */
async function* inTime(pieces: AsyncGenerator<UploadPiece>): AsyncGenerator<UploadPiece | undefined> {
  const ask = () => {
    const asked = pieces.next();
    // Seen when it is waited for, which may be later.
    asked.catch(() => undefined);
    return asked;
  };
  let next = ask();
  try {
    for (;;) {
      const result = await before(keepAliveMs, next);
      if (result?.done === true) return;
      if (result !== undefined) next = ask();
      yield result?.value;
    }
  } finally {
    // It may be waiting for a disk, and nobody waits for it any more.
    void pieces.return(undefined).catch(() => undefined);
  }
}

async function before<Result>(timeoutMs: number, wanted: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, undefined);
  });
  try {
    return await Promise.race([wanted, late]);
  } finally {
    clearTimeout(timer);
  }
}
