import { createHash } from 'node:crypto';
import { isLineTrouble, op, packWords } from './protocol/commands.js';
import { quiet } from './protocol/quiet.js';
import type { Loader } from './loader.js';
import type { Region } from './regions.js';

/** Largest frame that a stub reads flash in. */
const frameSizeBytes = 0x1000;
/** A window of one: more, and a stub loses acknowledgements (esp-flasher-stub, `s_read_flash_post_process`). */
const windowFrames = 1;
/** For what delays a frame besides the wire: a stub reads one in a few ms, a computer that is busy takes it up later. */
const stallMs = 1000;
/** 10 bits carry a byte. */
const msPerByteAtOneBaud = 10_000;
/** What the ROM reads at once. */
const slowStepBytes = 64;

/** Gets the bytes of one frame; `intact` is false when some of them were lost on the way. */
export type FrameSink = (bytes: Uint8Array, offset: number, intact: boolean) => void;

/**
 * Reads a region in one go, and hands its frames out as they come. Resolves to whether all of it arrived undamaged, by the
 * digest that a stub sends at the end; a read that stalls is broken off, and the loader is left ready for the next command.
 */
export async function readFlash(loader: Loader, region: Region, sink: FrameSink): Promise<boolean> {
  if (!loader.stub) {
    await readSlowly(loader, region, sink);
    return true;
  }
  const request = packWords(region.offset, region.sizeBytes, frameSizeBytes, windowFrames);
  await loader.request(op.readFlash, request);
  const stream = new FlashStream(loader, region, sink);
  try {
    return await stream.receive();
  } catch (error) {
    await stream.breakOff();
    if (isLineTrouble(error)) return false;
    throw error;
  }
}

/** One READ_FLASH, from its first frame to its digest. */
class FlashStream {
  readonly #loader: Loader;
  readonly #region: Region;
  readonly #sink: FrameSink;
  readonly #hash = createHash('md5');
  readonly #frameCount: number;
  #begunFrames = 0;

  constructor(loader: Loader, region: Region, sink: FrameSink) {
    this.#loader = loader;
    this.#region = region;
    this.#sink = sink;
    this.#frameCount = Math.ceil(region.sizeBytes / frameSizeBytes);
  }

  async receive(): Promise<boolean> {
    const { channel } = this.#loader;
    channel.onFrameStart = () => {
      this.#acknowledgeEarly();
    };
    // The first frame may have begun in the same piece as the answer before it.
    if (channel.hasFrame) this.#acknowledgeEarly();
    try {
      let intact = true;
      for (let index = 0; index < this.#frameCount; index++) {
        const frame = await channel.receive(this.#stallTimeoutMs());
        intact = this.#take(frame, index) && intact;
      }
      const digest = await channel.receive(this.#stallTimeoutMs());
      return intact && this.#hash.digest().equals(digest);
    } finally {
      channel.onFrameStart = undefined;
    }
  }

  /** A frame of any other length than 4 ends the stub's reading; then it sends its digest. Done even when interrupted. */
  async breakOff(): Promise<void> {
    const { channel } = this.#loader;
    const { signal } = channel;
    channel.signal = undefined;
    try {
      await channel.send(Uint8Array.of(0));
      await channel.drain(quiet.afterBreakOff);
    } catch {
      // The port is gone: whoever caught that before knows better what to say.
    } finally {
      channel.signal = signal;
    }
  }

  /**
   * The stub sends the next frame once it has the acknowledgement of this one. Sent when the first byte of a frame is here,
   * it is back before the last byte has left the chip, and the line never falls silent, whatever its latency.
   * Never are two on their way: the next frame begins after this one was taken.
   */
  #acknowledgeEarly(): void {
    if (this.#begunFrames >= this.#frameCount) return;
    this.#begunFrames++;
    const count = Math.min(this.#begunFrames * frameSizeBytes, this.#region.sizeBytes);
    this.#loader.channel.send(packWords(count)).catch(() => {
      // A port that fails here ends the wait for the rest of the frame too, with the reason.
    });
  }

  /** Takes the frame for the one that is due, whatever its length, so that what follows still falls into place. */
  #take(frame: Uint8Array, index: number): boolean {
    const start = index * frameSizeBytes;
    const expectedBytes = Math.min(frameSizeBytes, this.#region.sizeBytes - start);
    this.#hash.update(frame);
    const intact = frame.length === expectedBytes;
    this.#sink(frame, this.#region.offset + start, intact);
    return intact;
  }

  /** Twice the time that a frame takes on the wire, and what is for everything else. */
  #stallTimeoutMs(): number {
    return stallMs + (2 * frameSizeBytes * msPerByteAtOneBaud) / this.#loader.port.baudRate;
  }
}

/** The ROM knows only this: 64 bytes at a time, without any check. The caller compares digests. */
async function readSlowly(loader: Loader, region: Region, sink: FrameSink): Promise<void> {
  let frame: number[] = [];
  let frameOffset = region.offset;
  const end = region.offset + region.sizeBytes;
  for (let offset = region.offset; offset < end; offset += slowStepBytes) {
    const sizeBytes = Math.min(slowStepBytes, end - offset);
    const request = packWords(offset, sizeBytes);
    const answer = await loader.request(op.readFlashSlow, request, { dataLength: slowStepBytes });
    frame.push(...(answer as Uint8Array).subarray(0, sizeBytes));
    if (frame.length >= frameSizeBytes || offset + sizeBytes === end) {
      sink(Uint8Array.from(frame), frameOffset, true);
      frameOffset += frame.length;
      frame = [];
    }
  }
}
