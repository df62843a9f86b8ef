import type { BoardConsole } from './board-console.js';
import { WasiErrno, type EmscriptenFs, type FsStreamOps } from '../wasm/emscripten.js';

const pollIn = 1;
const pollOut = 4;

/** The numbers of the files that stand for the console. */
export interface ConsoleFiles {
  readonly textInput: number;
  readonly binaryInput: number;
  readonly textOutput: number;
  readonly binaryOutput: number;
}

/**
 * Files behind `sys.stdin`, `sys.stdout` and their `.buffer`s, with the ESP32's ways (shared/runtime/sys_stdio_mphal.c):
 * reads wait for all bytes asked for, text input turns `\r` into `\n`, text output `\n` into `\r\n`.
 */
export function consoleFiles(fs: EmscriptenFs, console: BoardConsole): ConsoleFiles {
  let minor = 0;
  const open = (ops: FsStreamOps): number => {
    minor += 1;
    const path = `/dev/console${minor}`;
    const dev = fs.makedev(91, minor);
    fs.registerDevice(dev, { ...ops, open: notSeekable });
    fs.mkdev(path, 0o666, dev);
    return fs.open(path, 'r+').fd ?? 0;
  };
  const readBinary: NonNullable<FsStreamOps['read']> = (_stream, buffer, offset, length) => {
    console.tellInterruptChar();
    if (!console.readInto(buffer, offset, length)) throw new fs.ErrnoError(WasiErrno.EINTR);
    return length;
  };
  const readText: NonNullable<FsStreamOps['read']> = (stream, buffer, offset, length, position) => {
    readBinary(stream, buffer, offset, length, position);
    for (let at = offset; at < offset + length; at += 1) if (buffer[at] === 13) buffer[at] = 10;
    return length;
  };
  const poll = (): number => {
    console.tellInterruptChar();
    return pollOut | (console.hasInput ? pollIn : 0);
  };
  return {
    textInput: open({ read: readText, poll }),
    binaryInput: open({ read: readBinary, poll }),
    textOutput: open({
      write: writer((bytes) => {
        console.writeCooked(bytes);
      }),
      poll,
    }),
    binaryOutput: open({
      write: writer((bytes) => {
        console.write(bytes);
      }),
      poll,
    }),
  };
}

function notSeekable(stream: { seekable: boolean }): void {
  stream.seekable = false;
}

function writer(send: (bytes: Uint8Array) => void): NonNullable<FsStreamOps['write']> {
  return (_stream, buffer, offset, length) => {
    send(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length));
    return length;
  };
}
