import { defaultOpeners, listPorts } from './openers.js';
import { openPort as openNamedPort } from './transport/open-port.js';
import type { Port } from './transport/port.js';

export { Board } from './board/board.js';
export type { ConnectOptions } from './board/connect-options.js';
export type { ClockReading, ClockTime } from './board/clock.js';
export type { MemoryUse } from './board/memory.js';
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
export type { ErrorCode, ErrorDetails, ExitCode } from './errors.js';
export type { AppDescription } from './firmware/app-description.js';
export type { Partition, PartitionTable } from './firmware/partition-table.js';
export type { BackupOptions, BackupResult } from './loader/backup-flash.js';
export type { ChangeResult, FlashPhase, FlashProgress } from './loader/change-flash.js';
export { Chip } from './loader/chip.js';
export type { ChipDescription, ChipIdentity, FlashChip } from './loader/chip-facts.js';
export type { ChipContents } from './loader/chip-contents.js';
export type { EraseChipOptions } from './loader/erase-chip.js';
export type { FlashFirmwareOptions, FlashFirmwareResult } from './loader/flash-firmware.js';
export type { LoaderOptions } from './loader/loader-options.js';
export type { RestoreOptions } from './loader/restore-backup.js';
export type { VerifyOptions, VerifyResult } from './loader/verify-flash.js';
export { listPorts } from './openers.js';
export type { Port, PortInfo, PortKind, PortLines, PortListener, UsbIdentity } from './transport/port.js';

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
