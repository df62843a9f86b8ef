import { isLineTrouble, op, packDataRequest, packWords, refusedError } from './protocol/commands.js';
import type { Loader } from './loader.js';
import type { Block } from './protocol/pack-blocks.js';
import { cutBlocks, packBlocks } from './protocol/pack-blocks.js';
import { sectorSizeBytes } from './regions.js';
import { encodeSlip } from './protocol/slip.js';

/** Worst cases of the data sheets, as esptool allows for them: erasing and programming, per MiB. */
const writeTimeoutMsPerMib = 40_000;
const eraseTimeoutMsPerMib = 30_000;
const answerTimeoutMs = 3000;
const maxTriesWithoutProgress = 6;

export interface WriteOptions {
  /** Bytes of flash that are written, so far, of this call. */
  readonly onProgress?: ((doneBytes: number) => void) | undefined;
}

/**
 * Writes whole sectors; the loader erases them first. After line trouble it goes on with the first sector that is not
 * surely written. That the flash keeps it is the caller's to check.
 */
export async function writeFlash(
  loader: Loader,
  offset: number,
  bytes: Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  let doneBytes = 0;
  for (let tries = 1; ; tries++) {
    let written = 0;
    try {
      await writeOnce(loader, offset + doneBytes, bytes.subarray(doneBytes), (count) => {
        written = count;
        options.onProgress?.(doneBytes + count);
      });
      return;
    } catch (error) {
      const sure = Math.floor(written / sectorSizeBytes) * sectorSizeBytes;
      if (sure > 0) tries = 0;
      if (!isLineTrouble(error) || tries >= maxTriesWithoutProgress) throw error;
      doneBytes += sure;
      await loader.recover();
    }
  }
}

/**
 * A stub takes deflated data. A ROM could, but programs all of the 32 KiB that it inflates into at the end of each region, and so
 * spoils up to 28 KiB behind it (seen on the mask ROM of a revision 3 chip): it gets the data as it is.
 */
function writeCommands(loader: Loader): { readonly begin: number; readonly data: number } {
  return loader.stub
    ? { begin: op.flashDeflBegin, data: op.flashDeflData }
    : { begin: op.flashBegin, data: op.flashData };
}

async function writeOnce(
  loader: Loader,
  offset: number,
  bytes: Uint8Array,
  onWritten: (doneBytes: number) => void,
): Promise<void> {
  const { blockSizeBytes } = loader;
  const blocks = loader.stub ? await packBlocks(bytes, blockSizeBytes) : cutBlocks(bytes, blockSizeBytes);
  await begin(loader, { offset, sizeBytes: bytes.length, blockSizeBytes, blockCount: blocks.length });
  await sendBlocks(loader, blocks, onWritten);
  // Asked after the last block, a stub tells how writing that went. The ROM has written it before it answered,
  // and would leave its loader.
  if (loader.stub) {
    await loader.request(op.flashDeflEnd, packWords(1), { timeoutMs: timeoutFor(blocks.at(-1)) });
  }
  onWritten(bytes.length);
}

/**
 * Sends the blocks, each as soon as the one before is acknowledged, which a stub does before it writes: so the chip writes
 * one block while the next is on the wire. The next is framed while the chip answers, so that nothing else takes time. No
 * block may be sent earlier: a stub has two buffers, and drops what comes while both are in use (esp-flasher-stub,
 * `frame_buffer.c`, `slip.c`).
 */
async function sendBlocks(
  loader: Loader,
  blocks: readonly Block[],
  onWritten: (doneBytes: number) => void,
): Promise<void> {
  const { channel } = loader;
  const command = writeCommands(loader).data;
  let frame = frameBlock(command, blocks, 0);
  let writtenBytes = 0;
  for (const [index, block] of blocks.entries()) {
    channel.flush();
    const sent = channel.sendEncoded(frame);
    const next = frameBlock(command, blocks, index + 1);
    await sent;
    // A stub answers once it has written the block before; the ROM once it has written this one.
    const working = loader.stub ? blocks[index - 1] : block;
    await answerFor(loader, command, frame, timeoutFor(working) + wireTimeMs(loader, block));
    writtenBytes += working?.unpackedBytes ?? 0;
    onWritten(writtenBytes);
    frame = next;
  }
}

/** Statuses of a block that was looked at and not taken: wrong length, checksum, command. It may be sent again as it is. */
const notTaken = /^(c000|c100|c300|c900|0105|0107)/;
const blockTries = 4;

async function answerFor(
  loader: Loader,
  command: number,
  frame: Uint8Array,
  timeoutMs: number,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const { body } = await loader.receiveReply(command, timeoutMs);
    const [status0 = 0xff, status1 = 0] = body;
    if (status0 === 0) return;
    const refusal = refusedError({ command, status0, status1 });
    if (tries >= blockTries || !notTaken.test(refusal.details.status)) throw refusal;
    loader.channel.flush();
    await loader.channel.sendEncoded(frame);
  }
}

function frameBlock(command: number, blocks: readonly Block[], index: number): Uint8Array {
  const block = blocks[index];
  return block === undefined ? new Uint8Array(0) : encodeSlip(packDataRequest(command, block.data, index));
}

interface WriteBegin {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly blockSizeBytes: number;
  readonly blockCount: number;
}

async function begin(
  loader: Loader,
  { offset, sizeBytes, blockSizeBytes, blockCount }: WriteBegin,
): Promise<void> {
  const words = [sizeBytes, blockCount, blockSizeBytes, offset];
  // ROMs that can encrypt want to be told not to.
  if (!loader.stub && loader.chip.name !== 'ESP32') words.push(0);
  const timeoutMs = answerTimeoutMs + (sizeBytes / 0x100000) * (loader.stub ? 0 : eraseTimeoutMsPerMib);
  await loader.request(writeCommands(loader).begin, packWords(...words), { timeoutMs });
}

/** Erases whole sectors without writing. Without a stub there is no command for it; beginning to write erases too. */
export async function eraseFlash(loader: Loader, offset: number, sizeBytes: number): Promise<void> {
  const timeoutMs = answerTimeoutMs + (sizeBytes / 0x100000) * eraseTimeoutMsPerMib;
  for (let tries = 1; ; tries++) {
    try {
      if (loader.stub) {
        await loader.request(op.eraseRegion, packWords(offset, sizeBytes), { timeoutMs });
      } else {
        const { blockSizeBytes } = loader;
        const words = [sizeBytes, Math.ceil(sizeBytes / blockSizeBytes), blockSizeBytes, offset];
        if (loader.chip.name !== 'ESP32') words.push(0);
        await loader.request(op.flashBegin, packWords(...words), { timeoutMs });
      }
      return;
    } catch (error) {
      if (!isLineTrouble(error) || tries >= maxTriesWithoutProgress) throw error;
      await loader.recover();
    }
  }
}

function timeoutFor(block: Block | undefined): number {
  return answerTimeoutMs + ((block?.unpackedBytes ?? 0) / 0x100000) * writeTimeoutMsPerMib;
}

/** 10 bits a byte, and room for escapes. */
function wireTimeMs(loader: Loader, { data }: Block): number {
  return (data.length * 11_000) / loader.port.baudRate;
}
