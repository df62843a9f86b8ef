import { boardDevice } from './board-device.js';
import { addDevice, addRoot, devicePath } from './board-vm.js';
import { BreakIn } from './break-in.js';
import { BuiltInModules } from './built-in-modules.js';
import { BoardConsole } from './console/board-console.js';
import { consoleFiles } from './console/console-files.js';
import { SharedConsole } from './console/shared-console.js';
import { boardRoot } from '../files/board-fs.js';
import { noDisk } from '../files/disk.js';
import { uartResetState } from './clock/uart-clock.js';
import { hiddenFolder } from './python-modules.js';
import { objectsOf } from './start-objects.js';
import { memoryOf, type StartedVm } from './started-vm.js';
import { createVm, freshHeap, machineName, type Vm } from './vm.js';
import { compiledModule } from './wasm/compiled-module.js';
import type { MicroPythonExports } from './wasm/emscripten.js';
import { renumberErrno } from './wasm/errno-numbers.js';

/** Runs device/sim/_start.py in a VM of its own, which is then what every board begins with. It needs nothing of a board. */
export async function startVm(): Promise<StartedVm> {
  const console = new BoardConsole(new SharedConsole(), () => undefined, undefined);
  const vm = await createVm({ module: compiledModule(), console, breakIn: new BreakIn(), disk: noDisk });
  // They come first, so that they have the same numbers on each board.
  consoleFiles(vm.fs, console);
  const modules = new BuiltInModules(vm.exports);
  modules.hideFrozen();
  const heap = freshHeap(vm);
  let objects: readonly number[] = [];
  const device = boardDevice({
    ...nothingElse,
    devices: {
      ...modules.devices,
      ...heap.devices,
      errno: (module, errorcode) => {
        renumberErrno(vm.exports, Number(module), Number(errorcode));
      },
      // Among the first things that the start-up code does.
      objects: (...addresses) => {
        objects = addresses.map(Number);
        heap.attach(objectsOf(objects).heap);
        vm.watch(heap, objectsOf(objects).raisers);
      },
    },
  });
  addDevice(vm.fs, device);
  addRoot(vm.fs, { disk: noDisk, onCloseError: () => undefined });
  runStartFile(vm);
  const [platform, machine, build] = objectsOf(objects).names;
  renameString(vm.exports, platform, 'esp32');
  renameString(vm.exports, machine, machineName);
  renameString(vm.exports, build, 'ESP32_GENERIC');
  const learned = heap.learned();
  const deviceFd = vm.fs.streams.findIndex((stream) => stream?.path === devicePath);
  return {
    ...memoryOf(vm.exports),
    folder: vm.fs.cwd(),
    deviceFd,
    objects,
    modules: modules.values,
    heap: learned,
  };
}

/** What the start-up code never asks for. */
const nothingElse = {
  reset: (): never => {
    throw new Error('the start-up code resets no board');
  },
  setUart: () => undefined,
  resetReason: () => 'power-on' as const,
  wasSoftReset: () => false,
  uart: () => uartResetState,
  mac: [],
  setTimer: () => undefined,
  clockOffsetS: () => 0,
  setClockOffsetS: () => undefined,
};

function runStartFile(vm: Vm): void {
  const said = vm.captured(() => {
    const start = `execfile('${boardRoot}/${hiddenFolder}/_start.py')`;
    for (const byte of new TextEncoder().encode(`\x01${start}\x04\x02`)) vm.processChar(byte);
  });
  if (said.includes('Traceback')) throw new Error(`the board's start-up code failed: ${said}`);
}

/** mp_obj_str_t { type, hash (0: not computed), length, data } */
function renameString(exports: MicroPythonExports, address = 0, text: string): void {
  const bytes = new TextEncoder().encode(`${text}\0`);
  const data = exports.malloc(bytes.length);
  new Uint8Array(exports.memory.buffer).set(bytes, data);
  const words = new Uint32Array(exports.memory.buffer);
  words[address / 4 + 1] = 0;
  words[address / 4 + 2] = bytes.length - 1;
  words[address / 4 + 3] = data;
}
