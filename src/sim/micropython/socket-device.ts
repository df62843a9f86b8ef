import type { BoardSockets } from '../network/board-sockets.js';
import { WasiErrno, type EmscriptenFs, type FsStreamOps } from './wasm/emscripten.js';

/**
 * `/dev/net`: each time it is opened, a socket. A file, because MicroPython closes files that nobody refers to any more, as a board
 * does with sockets.
 */
export function socketDevice(fs: EmscriptenFs, sockets: BoardSockets): FsStreamOps {
  return {
    open: (stream) => {
      stream.seekable = false;
      if (!sockets.open(stream.fd ?? -1)) throw new fs.ErrnoError(WasiErrno.ENFILE);
    },
    close: (stream) => {
      sockets.close(stream.fd ?? -1);
    },
    write: (stream, buffer, offset, length) => {
      sockets.send(stream.fd ?? -1, new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length));
      return length;
    },
    read: (stream, buffer, offset, length) => {
      const bytes = sockets.receive(stream.fd ?? -1, length);
      buffer.set(bytes, offset);
      return bytes.length;
    },
  };
}
