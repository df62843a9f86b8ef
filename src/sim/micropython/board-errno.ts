import { WasiErrno } from './wasm/emscripten.js';

/** WASI's number for each error → the number that MicroPython on a board raises (Linux's, py/mperrno.h). */
const boardNumbers = new Map<number, number>([
  [WasiErrno.EACCES, 13],
  [6, 11], // EAGAIN
  [8, 9], // EBADF
  [WasiErrno.EBUSY, 16],
  [WasiErrno.EEXIST, 17],
  [WasiErrno.EINVAL, 22],
  [WasiErrno.EILSEQ, 84],
  [WasiErrno.EIO, 5],
  [WasiErrno.EISDIR, 21],
  [32, 40], // ELOOP
  [33, 24], // EMFILE
  [WasiErrno.ENAMETOOLONG, 36],
  [WasiErrno.ENFILE, 23],
  [WasiErrno.ENODEV, 19],
  [WasiErrno.ENOENT, 2],
  [48, 12], // ENOMEM
  [WasiErrno.ENOSPC, 28],
  [52, 38], // ENOSYS
  [WasiErrno.ENOTDIR, 20],
  [WasiErrno.ENOTEMPTY, 39],
  [59, 25], // ENOTTY
  [60, 6], // ENXIO
  [63, 1], // EPERM
  [WasiErrno.EROFS, 30],
  [70, 29], // ESPIPE
  [75, 18], // EXDEV
]);

/** EINTR stays: MicroPython's C code compares it with its own constant to raise what is pending. */
export function toBoardErrno(wasiErrno: number): number {
  return boardNumbers.get(wasiErrno) ?? wasiErrno;
}
