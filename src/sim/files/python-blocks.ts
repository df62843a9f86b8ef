import type { SectorDevice } from '../../fat/fat-device.js';
import type { BlockDevice } from '../../littlefs/block-device.js';
import type { FsStreamOps } from '../micropython/wasm/emscripten.js';

/** What device/sim/vfs.py does with a block device of a program's. */
const Request = { read: 0, write: 1, erase: 2, sync: 3 } as const;

/** What a program's block device answered, or raised. */
export class BlockError extends Error {
  override readonly name = 'BlockError';

  constructor(readonly boardErrno: number) {
    super(`a block device of a program: error ${boardErrno}`);
  }
}

/** A block device that a program has made, in numbers: device/sim/vfs.py knows it by the first. */
export interface BlockGeometry {
  readonly number: number;
  readonly blockBytes: number;
  readonly blockCount: number;
}

/** Calls the methods of block devices that are written in Python, in the middle of what Python has called for. */
export class PythonBlocks {
  readonly #serve: () => void;
  #request: readonly number[] = [];
  #bytes = new Uint8Array(0);
  #errno = 0;

  /** @param serve has device/sim/vfs.py look what there is to do */
  constructor(serve: () => void) {
    this.#serve = serve;
  }

  readonly devices: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
    block_request: () => this.#request,
    block_failed: (errno) => {
      this.#errno = Number(errno);
    },
  };

  /** `/dev/blocks`: what is written to the device is read there, and what it has read is written there. */
  readonly file: FsStreamOps = {
    open: (stream) => {
      stream.seekable = false;
    },
    read: (_stream, buffer, offset, length) => {
      buffer.set(this.#bytes.subarray(0, length), offset);
      return Math.min(length, this.#bytes.length);
    },
    write: (_stream, buffer, offset, length) => {
      this.#bytes = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length).slice();
      return length;
    },
  };

  /** As littlefs uses it: with offsets in blocks, and erasing. */
  blockDevice({ number, blockBytes, blockCount }: BlockGeometry, programBytes: number): BlockDevice {
    return {
      blockBytes,
      blockCount,
      programBytes,
      read: (block, offset, sizeBytes) => this.#call([number, Request.read, block, offset, sizeBytes]),
      program: (block, offset, bytes) => {
        this.#call([number, Request.write, block, offset, bytes.length], bytes.slice());
      },
      erase: (block) => {
        this.#call([number, Request.erase, block, 0, 0]);
      },
      sync: () => {
        this.#call([number, Request.sync, 0, 0, 0]);
      },
    };
  }

  /** As FAT uses it: whole blocks, written over. */
  sectorDevice({ number, blockBytes, blockCount }: BlockGeometry): SectorDevice {
    return {
      sectorBytes: blockBytes,
      sectorCount: blockCount,
      read: (sector, count) => this.#call([number, Request.read, sector, -1, count * blockBytes]),
      write: (sector, bytes) => {
        this.#call([number, Request.write, sector, -1, bytes.length], bytes.slice());
      },
      sync: () => {
        this.#call([number, Request.sync, 0, 0, 0]);
      },
    };
  }

  #call(request: readonly number[], bytes = new Uint8Array(0)): Uint8Array {
    this.#request = request;
    this.#bytes = bytes;
    this.#errno = 0;
    this.#serve();
    if (this.#errno !== 0) throw new BlockError(this.#errno);
    return this.#bytes;
  }
}
