import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { BoardConsole } from './console/board-console.js';
import { BoardHeap } from './board-heap.js';
import { boardImports, type BoardHost, type RunningMachine } from './board-imports.js';
import type { Disk } from '../files/disk.js';
import type { BreakIn } from './break-in.js';
import {
  type CreateMicroPythonModule,
  type EmscriptenFs,
  type EmscriptenModule,
  type MicroPythonExports,
} from './wasm/emscripten.js';
import { runBetween } from './run-between.js';
import { becomeStarted, type StartedVm } from './started-vm.js';
import { findState } from './wasm/thread-state.js';
import { VmCalls, type VmObjects } from './vm-calls.js';
import { webAssembly, type WasmModule } from './wasm/wasm.js';

const packageName = '@micropython/micropython-webassembly-pyscript';

/** What the wasm was built as, and what the board says it is. `os.uname()` in device/sim/os.py says the same. */
const builtAs = 'JS with Emscripten';
export const machineName = 'upyw virtual board with ESP32';

const friendlyPrompt = '>>> ';
const tracebackLineStart = '  File ';
const ownModules = '"/.sim/';

/** More than a chip has: the board's own modules are in there, too (`BoardHeap` counts), and it grows. */
const heapBytes = 1024 * 1024;
const pystackWords = 32 * 1024;
const wordBytes = 4;

const gluePath = createRequire(import.meta.url).resolve(packageName);

/** One run of MicroPython, from reset to reset. */
export interface Vm {
  readonly exports: MicroPythonExports;
  readonly fs: EmscriptenFs;
  /** From here on the limits of stack and heap have Python functions raise. */
  watch(heap: BoardHeap, objects: VmObjects): void;
  /** What Python is doing ends with the exception that device/sim/_board.py has kept or asks for. */
  raiseLater(): void;
  /** Feeds one byte to the REPL; `true` when it asks for a soft reset. */
  processChar(byte: number): boolean;
  /** Runs `action`; what the REPL itself (not a program) says meanwhile is returned, not sent. */
  captured(action: () => unknown): string;
  /** Feeds one byte and leaves the REPL's next "OK" out. */
  processCharWithoutOk(byte: number): boolean;
  /** Runs Python on top of whatever the VM is doing. `source` handles its own exceptions. */
  runBetween(source: string): void;
  /** Whether the last thing the REPL said was its prompt. */
  readonly isAtPrompt: boolean;
}

/** What a VM is made of. */
export interface VmParts {
  /** The compiled wasm, shared by all VMs of a process. */
  readonly module: WasmModule;
  readonly console: BoardConsole;
  readonly breakIn: BreakIn;
  readonly disk: Pick<Disk, 'hasOneRemove'>;
}

/** A VM that has not run anything. */
export async function createVm(parts: VmParts): Promise<Vm> {
  const { emscripten, exports, host } = await instantiate(parts);
  emscripten.ccall('mp_js_init', 'null', ['number', 'number'], [pystackWords, heapBytes]);
  emscripten.ccall('proxy_c_init', 'null', [], []);
  const vm = replOf(emscripten, exports, host);
  vm.captured(() => {
    exports.mp_js_repl_init();
  });
  return vm;
}

/** A VM that goes on from where another one was. */
export async function continueVm(parts: VmParts, started: StartedVm): Promise<Vm> {
  const { emscripten, exports, host, grow } = await instantiate(parts);
  becomeStarted(exports, started, grow);
  return replOf(emscripten, exports, host, friendlyPrompt);
}

/** The heap of a VM that has not run anything. */
export function freshHeap({ exports }: Vm): BoardHeap {
  const words = new Uint32Array(exports.memory.buffer);
  return new BoardHeap(exports, Infinity, { state: findState(words, pystackWords * wordBytes) });
}

async function instantiate({ module, console, breakIn, disk }: VmParts) {
  const { default: create } = (await import(pathToFileURL(gluePath).href)) as {
    default: CreateMicroPythonModule;
  };
  let exports: MicroPythonExports | undefined;
  let grow: (sizeBytes: number) => unknown = () => undefined;
  const running: { machine?: RunningMachine } = {};
  const calls = new VmCalls();
  const { hasOneRemove } = disk;
  const host = { console, breakIn, calls, hasOneRemove, machine: () => running.machine };
  const emscripten = await create({
    instantiateWasm(imports, done) {
      grow = imports['env']?.['emscripten_resize_heap'] ?? grow;
      const instance = new webAssembly.Instance(module, boardImports(imports, host));
      exports = instance.exports as unknown as MicroPythonExports;
      done(instance, module);
      return instance.exports;
    },
  });
  if (exports === undefined) throw new Error('the MicroPython module did not start');
  const { memory } = exports;
  running.machine = { fs: emscripten.FS, memory: () => memory.buffer };
  return { emscripten, exports, host, grow };
}

/** @param said what the REPL has said last */
function replOf(emscripten: EmscriptenModule, exports: MicroPythonExports, host: BoardHost, said = ''): Vm {
  const { console, breakIn, calls } = host;
  const voice = new ReplVoice(console, said);
  const output = emscripten.FS.streams[1];
  if (output) {
    output.stream_ops = {
      write: (_stream, buffer, offset, length) => {
        voice.say(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length));
        return length;
      },
    };
  }
  const processChar = (byte: number): boolean =>
    breakIn.runVm(() => exports.mp_js_repl_process_char(byte) !== 0);
  return {
    exports,
    fs: emscripten.FS,
    watch: (heap, objects) => {
      calls.attach(exports, heap, objects);
    },
    raiseLater: () => {
      calls.raiseLater();
    },
    processChar,
    processCharWithoutOk: (byte) => {
      voice.dropOk();
      return processChar(byte);
    },
    runBetween: (source) => {
      breakIn.runVm(() => {
        runBetween(exports, source);
      });
    },
    captured: (action) => voice.captured(action),
    get isAtPrompt() {
      return voice.isAtPrompt;
    },
  };
}

/**
 * What the REPL itself says, in the pieces its C code writes; programs print elsewhere. In tracebacks, the lines of the board's
 * own Python modules are left out: on a board these are C.
 */
class ReplVoice {
  readonly #console: BoardConsole;
  #captured: string[] | undefined;
  #dropsOk = false;
  #last: string;
  /** A line of a traceback, until it is complete. */
  #tracebackLine = '';

  constructor(console: BoardConsole, last: string) {
    this.#console = console;
    this.#last = last;
  }

  get isAtPrompt(): boolean {
    return this.#last === friendlyPrompt;
  }

  dropOk(): void {
    this.#dropsOk = true;
  }

  say(bytes: Uint8Array): void {
    // The banner comes in one piece (shared/runtime/pyexec.c).
    const text = new TextDecoder().decode(bytes).replace(builtAs, machineName);
    this.#last = text;
    // Whoever sees the prompt may send at once.
    const isPrompt = text.endsWith('>') || text === friendlyPrompt;
    if (isPrompt && this.#captured === undefined) this.#console.tellAtPrompt();
    if (this.#tracebackLine !== '' || text.startsWith(tracebackLineStart)) this.#sayTraceback(text);
    else this.#pass(text);
  }

  #sayTraceback(text: string): void {
    this.#tracebackLine += text;
    if (!this.#tracebackLine.endsWith('\n')) return;
    const line = this.#tracebackLine;
    this.#tracebackLine = '';
    if (!line.includes(ownModules)) this.#pass(line);
  }

  #pass(text: string): void {
    if (this.#dropsOk && text === 'OK') this.#dropsOk = false;
    else if (this.#captured !== undefined) this.#captured.push(text);
    else this.#console.writeText(text);
  }

  captured(action: () => unknown): string {
    const outer = this.#captured;
    this.#captured = [];
    action();
    const said = this.#captured.join('');
    this.#captured = outer;
    return said;
  }
}
