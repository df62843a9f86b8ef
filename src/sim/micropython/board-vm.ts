import type { BoardSockets } from '../network/board-sockets.js';
import type { BoardConsole } from './console/board-console.js';
import { boardDevice, type BoardCalls } from './board-device.js';
import { BoardFs, boardRoot } from '../files/board-fs.js';
import { BuiltInModules } from './built-in-modules.js';
import type { BreakIn } from './break-in.js';
import type { Disk } from '../files/disk.js';
import { toBoardErrno } from './board-errno.js';
import { consoleFiles } from './console/console-files.js';
import { socketDevice } from './socket-device.js';
import { renumberErrno } from './wasm/errno-numbers.js';
import { hiddenFolder, pythonModules } from './python-modules.js';
import type { FsStreamOps, MicroPythonExports } from './wasm/emscripten.js';
import type { WasmModule } from './wasm/wasm.js';
import { installFineClock } from './fine-clock.js';
import { createVm, machineName, type Vm } from './vm.js';

/** So many of the start-up code's objects are the heap's. */
const heapObjects = 7;

export interface BoardVmOptions {
  readonly module: WasmModule;
  readonly console: BoardConsole;
  readonly breakIn: BreakIn;
  readonly disk: Disk;
  readonly calls: BoardCalls;
  readonly sockets: BoardSockets;
  /** How much memory programs have. */
  readonly ramBytes: number;
}

/** A VM that is a board: its files at `/`, its console on the wire, its modules importable. */
export async function createBoardVm(options: BoardVmOptions): Promise<Vm> {
  const vm = await createVm(options.module, options.console, options.breakIn);
  const { fs } = vm;
  const consoleFds = consoleFiles(fs, options.console);
  const modules = new BuiltInModules(vm.exports);
  const heap = vm.heap(options.ramBytes);
  let objects: readonly number[] = [];
  let closeError = 0;
  const device = boardDevice({
    ...options.calls,
    devices: {
      ...options.calls.devices,
      ...modules.devices,
      ...heap.devices,
      close_error: () => closeError,
      errno: (module, errorcode) => {
        renumberErrno(vm.exports, Number(module), Number(errorcode));
      },
    },
    // Among the first things that the start-up code does.
    objects: (addresses) => {
      objects = addresses;
      const [tooDeep = 0, noMemory = 0, kept = 0, none = 0, collect = 0, memFree = 0, memAlloc = 0] =
        addresses;
      heap.attach({ collect, memFree, memAlloc });
      vm.watch(heap, { tooDeep, noMemory, kept, none });
    },
  });
  addFiles(vm, device, options, (wasiErrno) => {
    closeError = toBoardErrno(wasiErrno);
    vm.raiseLater();
  });
  const said = vm.captured(() => {
    const start = `execfile('${boardRoot}/${hiddenFolder}/_start.py')`;
    for (const byte of new TextEncoder().encode(`\x01${start}\x04\x02`)) vm.processChar(byte);
  });
  if (said.includes('Traceback')) throw new Error(`the board's start-up code failed: ${said}`);
  becomeBoard(vm, objects, consoleFds);
  const [sleepUs = 0, ticksUs = 0] = objects.slice(-2);
  installFineClock(vm.exports, { sleepUs, ticksUs }, (durationUs) => {
    options.console.sleepUs(durationUs);
  });
  heap.begin();
  // From here on Ctrl-C counts: the start-up code must not be interrupted.
  options.console.attach(vm.exports);
  return vm;
}

/** The way to the machine underneath, and the board's files at the root. */
function addFiles(
  { fs }: Vm,
  device: FsStreamOps,
  { sockets, disk }: BoardVmOptions,
  onCloseError: (wasiErrno: number) => void,
): void {
  fs.registerDevice(fs.makedev(90, 0), device);
  fs.mkdev('/dev/board', 0o666, fs.makedev(90, 0));
  fs.registerDevice(fs.makedev(92, 0), socketDevice(fs, sockets));
  fs.mkdev('/dev/net', 0o666, fs.makedev(92, 0));
  fs.mkdir(boardRoot);
  const hidden = pythonModules(fs);
  fs.mount(new BoardFs(fs, { disk, mountPoint: boardRoot, hidden, onCloseError }), {}, boardRoot);
}

/** What the end of a VM does on a board: open files are closed, so what was written to them is kept. */
export function closeFiles(vm: Vm): void {
  for (const stream of vm.fs.streams) if (stream) stream.stream_ops.close?.(stream);
}

/**
 * MicroPython keeps these objects at fixed places in its memory, so they can be made the board's: the console objects get
 * files of their own (bytes as they are, or `\n` as `\r\n`), the names what a board says.
 */
function becomeBoard(vm: Vm, objects: readonly number[], files: ReturnType<typeof consoleFiles>): void {
  const { exports } = vm;
  const words = new Uint32Array(exports.memory.buffer);
  const [stdin = 0, stdinBuffer = 0, stdout = 0, stdoutBuffer = 0, stderr = 0, ...names] =
    objects.slice(heapObjects);
  // mp_obj_vfs_posix_file_t { type, fd }
  words[stdin / 4 + 1] = files.textInput;
  words[stdinBuffer / 4 + 1] = files.binaryInput;
  words[stdout / 4 + 1] = files.textOutput;
  words[stdoutBuffer / 4 + 1] = files.binaryOutput;
  words[stderr / 4 + 1] = files.textOutput;
  ['esp32', machineName, 'ESP32_GENERIC'].forEach((text, nth) => {
    renameString(exports, names[nth] ?? 0, text);
  });
}

/** mp_obj_str_t { type, hash (0: not computed), length, data } */
function renameString(exports: MicroPythonExports, address: number, text: string): void {
  const bytes = new TextEncoder().encode(`${text}\0`);
  const data = exports.malloc(bytes.length);
  new Uint8Array(exports.memory.buffer).set(bytes, data);
  const words = new Uint32Array(exports.memory.buffer);
  words[address / 4 + 1] = 0;
  words[address / 4 + 2] = bytes.length - 1;
  words[address / 4 + 3] = data;
}
