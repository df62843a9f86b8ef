import type { BoardSockets } from '../network/board-sockets.js';
import { boardDevice, type BoardCalls } from './board-device.js';
import { BoardFs, boardRoot } from '../files/board-fs.js';
import { ProgramDisks, type ProgramDisksOptions } from '../files/program-disks.js';
import { BuiltInModules } from './built-in-modules.js';
import type { Disk } from '../files/disk.js';
import { toBoardErrno } from './board-errno.js';
import { consoleFiles, type ConsoleFiles } from './console/console-files.js';
import { socketDevice } from './socket-device.js';
import { BoardHeap } from './board-heap.js';
import { objectsOf, type ConsoleObjects } from './start-objects.js';
import type { StartedVm } from './started-vm.js';
import { pythonModules } from './python-modules.js';
import type { EmscriptenFs, FsStreamOps, MicroPythonExports } from './wasm/emscripten.js';
import type { ChipPace } from './clock/chip-pace.js';
import { installFineClock } from './clock/fine-clock.js';
import { continueVm, type Vm, type VmParts } from './vm.js';

export interface BoardVmOptions extends VmParts, Pick<ProgramDisksOptions, 'fat' | 'nowMs'> {
  readonly started: StartedVm;
  readonly disk: Disk;
  readonly calls: BoardCalls;
  readonly sockets: BoardSockets;
  /** How much memory programs have. */
  readonly ramBytes: number;
  readonly pace: ChipPace;
}

/** A VM that is a board: its files at `/`, its console on the wire, its modules importable. */
export async function createBoardVm(options: BoardVmOptions): Promise<Vm> {
  const { started, console, calls } = options;
  const vm = await continueVm(options, started);
  const objects = objectsOf(started.objects);
  const modules = new BuiltInModules(vm.exports, started.modules);
  const heap = new BoardHeap(vm.exports, options.ramBytes, started.heap);
  let closeError = 0;
  const onCloseError = (wasiErrno: number): void => {
    closeError = toBoardErrno(wasiErrno);
    vm.raiseLater();
  };
  const disks = new ProgramDisks({
    ...options,
    fs: vm.fs,
    memory: () => new Int8Array(vm.exports.memory.buffer),
    onCloseError,
    runBetween: (source) => {
      vm.runBetween(source);
    },
  });
  const devices = {
    ...calls.devices,
    ...disks.devices,
    ...modules.devices,
    ...heap.devices,
    close_error: () => closeError,
    own_begin: () => {
      options.pace.beginFree();
      heap.devices['own_begin']?.();
    },
    own_end: () => {
      options.pace.endFree();
      heap.devices['own_end']?.();
    },
  };
  connectConsole(vm.exports, objects.console, consoleFiles(vm.fs, console));
  addFiles(vm, boardDevice({ ...calls, devices }), options, onCloseError);
  heap.attach(objects.heap);
  vm.watch(heap, objects.raisers);
  installFineClock(vm.exports, objects.clock, options.pace, (durationUs) => {
    console.sleepUs(durationUs);
  });
  // Ctrl-C counts.
  console.attach(vm.exports);
  return vm;
}

/** The way to the machine underneath, open as the start-up code has left it, and the board's files at the root. */
function addFiles(
  { fs }: Vm,
  device: FsStreamOps,
  { sockets, disk, started }: BoardVmOptions,
  onCloseError: (wasiErrno: number) => void,
): void {
  addDevice(fs, device);
  if (fs.open(devicePath, 'r+').fd !== started.deviceFd) throw new Error('the board has other files open');
  fs.registerDevice(fs.makedev(92, 0), socketDevice(fs, sockets));
  fs.mkdev('/dev/net', 0o666, fs.makedev(92, 0));
  addRoot(fs, { disk, onCloseError });
  fs.chdir(started.folder);
}

export const devicePath = '/dev/board';

export function addDevice(fs: EmscriptenFs, device: FsStreamOps): void {
  fs.registerDevice(fs.makedev(90, 0), device);
  fs.mkdev(devicePath, 0o666, fs.makedev(90, 0));
}

/** Mounts what the board's root is. `onCloseError` is told of what C code asks nobody for. */
export function addRoot(
  fs: EmscriptenFs,
  options: { readonly disk: Disk; onCloseError(wasiErrno: number): void },
): void {
  fs.mkdir(boardRoot);
  const board = new BoardFs(fs, { ...options, mountPoint: boardRoot, hidden: pythonModules(fs) });
  fs.mount(board, {}, boardRoot);
}

/** What the end of a VM does on a board: open files are closed, so what was written to them is kept. */
export function closeFiles(vm: Vm): void {
  for (const stream of vm.fs.streams) if (stream) stream.stream_ops.close?.(stream);
}

/** Gives the console's objects files of their own: bytes as they are, or `\n` as `\r\n`. */
function connectConsole(exports: MicroPythonExports, objects: ConsoleObjects, files: ConsoleFiles): void {
  const words = new Uint32Array(exports.memory.buffer);
  // mp_obj_vfs_posix_file_t { type, fd }
  words[objects.stdin / 4 + 1] = files.textInput;
  words[objects.stdinBuffer / 4 + 1] = files.binaryInput;
  words[objects.stdout / 4 + 1] = files.textOutput;
  words[objects.stdoutBuffer / 4 + 1] = files.binaryOutput;
  words[objects.stderr / 4 + 1] = files.textOutput;
}
