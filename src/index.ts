/**
 * ```js hello.mjs
 * import { Board, openPort } from 'upyw';
 *
 * const port = await openPort('sim:'); // or 'auto', 'COM3', '/dev/ttyUSB0'
 * try {
 *   const board = await Board.connect(port);
 *   await board.write('/greeting.txt', new TextEncoder().encode('hello'));
 *   console.log(await board.list('/'), await board.evaluate('6 * 7'));
 *   await board.disconnect();
 * } finally {
 *   await port.close();
 * }
 * ```
 *
 * ```console
 * $ node hello.mjs
 * [
 * …
 * ] 42
 * ```
 *
 * - `openPort(name)` opens a port by [the same names as `-p`](configuration.md#port-names). You close it.
 * - `Board` is a board that runs MicroPython: its files and its programs.
 * - `Chip` is the chip below it: its flash and its loader.
 * - `listPorts()` lists the serial ports of the computer.
 * - Every expected failure is a `UpywError` with `code`, `message`, `hint` and `details`. `isUpywError` tells
 *   it. [All codes](errors.md).
 * - Long operations take an `AbortSignal`.
 * - `upyw/json` has the shapes of what commands print with `--json`, as zod schemas: `shapes` and `failure`.
 *
 * The library is typed. TypeScript needs `@types/node` beside it.
 *
 * @packageDocumentation
 */

import { defaultOpeners, listPorts } from './openers.js';
import { openPort as openNamedPort } from './transport/open-port.js';
import type { Port } from './transport/port.js';

export { Board } from './board/board.js';
export type { ConnectOptions } from './board/connect-options.js';
export type { ClockReading, ClockTime } from './board/clock.js';
export type { HeapUse, MemoryUse } from './board/memory.js';
export type { PathPair } from './board/path-pair.js';
export type { BoardInfo } from './board/board-info.js';
export type { OperationOptions, TransferOptions } from './board/board-session.js';
export type { FileTarget, TargetOpener } from './board/transfer/file-arrivals.js';
export type { BoardEntry, Disk } from './board/folders.js';
export type { HashOptions, InspectOptions } from './board/hash-files.js';
export type { FileHash, Finding, Inspection } from './board/inspection.js';
export type { RunOptions } from './board/run-code.js';
export type { FileReceiver } from './board/transfer/transfer.js';
export type { TransferResult } from './board/transfer/upload.js';
export type { FileContent, FileToWrite } from './board/transfer/upload-content.js';
export { UpywError, errorCodes, isUpywError } from './errors.js';
export type { ErrorCode, ErrorDetails, Aftermath, ExitCode, UpywErrorOptions } from './errors.js';
export type { AppDescription } from './firmware/app-description.js';
export type { ChipFamily } from './firmware/chips.js';
export type { CheckedValue, EspImage, ImageSegment } from './firmware/esp-image.js';
export type { FilesPlace } from './firmware/files-place.js';
export type { FlashMode } from './firmware/image-header.js';
export type { MicroPythonVersion } from './firmware/micropython-version.js';
export type { Partition, PartitionTable } from './firmware/partition-table.js';
export type { Firmware } from './firmware/recognised.js';
export type { BackupOptions, BackupResult } from './loader/backup-flash.js';
export type { ChangeResult, FlashPhase, FlashProgress } from './loader/change-flash.js';
export { Chip } from './loader/chip.js';
export type { ChipDescription, ChipIdentity, FlashChip } from './loader/chip-facts.js';
export type { AppOnChip, ChipContents } from './loader/chip-contents.js';
export type { EraseChipOptions } from './loader/erase-chip.js';
export type { FlashFirmwareOptions, FlashFirmwareResult } from './loader/flash-firmware.js';
export type { LoaderOptions } from './loader/loader-options.js';
export type { RestoreOptions } from './loader/restore-backup.js';
export type { VerifyOptions, VerifyResult } from './loader/verify-flash.js';
export { listPorts } from './openers.js';
export type {
  LineSequence,
  LineStep,
  Port,
  PortInfo,
  PortKind,
  PortLines,
  PortListener,
  ResetSequences,
  UsbIdentity,
} from './transport/port.js';

/** How to open a port. */
export interface OpenPortOptions {
  /** Bits per second; 115200 unless told, which is what MicroPython's console speaks. */
  readonly baudRate?: number;
  /** Gives up opening; an open port is not affected. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a port by the same names as `-p` takes: `COM3`, `/dev/ttyUSB0`, `u0`, `id:SERIAL`, `socket://host:port`,
 * `rfc2217://host:port`, `sim:` or `auto`. The caller closes it. Throws a `UpywError` with a `port/…`, `usage/bad-port` or
 * `sim/…` code.
 */
export async function openPort(name: string, options: OpenPortOptions = {}): Promise<Port> {
  const { baudRate = 115200, signal } = options;
  const open = { baudRate, ...(signal === undefined ? {} : { signal }) };
  return openNamedPort(name, open, { openers: defaultOpeners, listPorts });
}
