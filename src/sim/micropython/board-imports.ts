import type { BoardConsole } from './console/board-console.js';
import type { BreakIn } from './break-in.js';
import { toBoardErrno } from './board-errno.js';
import { boardRoot } from '../files/board-fs.js';
import { WasiErrno, type EmscriptenFs, type WasmImports } from './wasm/emscripten.js';
import type { VmCalls } from './vm-calls.js';

type Call = (...args: number[]) => number;

/** Where garbage cannot be collected at once a program needs more than a board has for a while; but not all of a computer's. */
const maxMemoryBytes = 64 * 1024 * 1024;

/** What there is once the wasm has started; before that, nothing asks for files. */
export interface RunningMachine {
  readonly fs: EmscriptenFs;
  memory(): ArrayBuffer;
}

/** Which arguments of a system call are paths (Emscripten's `library_syscall.js`). */
const pathArguments: Readonly<Record<string, readonly number[]>> = {
  __syscall_openat: [1],
  __syscall_mkdirat: [1],
  __syscall_stat64: [0],
  __syscall_lstat64: [0],
  __syscall_newfstatat: [1],
  __syscall_renameat: [1, 3],
  __syscall_rmdir: [0],
  __syscall_unlinkat: [1],
  __syscall_statfs64: [0],
  __syscall_chdir: [0],
};

/** What the system calls of the board need to know of it. */
export interface BoardHost {
  readonly console: BoardConsole;
  readonly breakIn: BreakIn;
  readonly calls: VmCalls;
  /** Of the board's files: see `Disk`. */
  readonly hasOneRemove: boolean;
  machine(): RunningMachine | undefined;
}

/** Emscripten's system calls with the board's ways: its error numbers, its clock, its root folder. */
export function boardImports(imports: WasmImports, host: BoardHost): WasmImports {
  const { console, breakIn, calls } = host;
  const machine = (): RunningMachine | undefined => host.machine();
  const env = { ...imports['env'] } as Record<string, Call>;
  const wasi = { ...imports['wasi_snapshot_preview1'] } as Record<string, Call>;
  const unlinkAt = env['__syscall_unlinkat'] ?? (() => -WasiErrno.EINVAL);
  if (host.hasOneRemove) env['__syscall_unlinkat'] = (_folder, path = 0) => removeEntry(unlinkAt, path);
  env['__syscall_openat'] = openFilesOnly(env['__syscall_openat'] ?? unlinkAt, machine);
  env['__syscall_stat64'] = findImports(env['__syscall_stat64'] ?? unlinkAt, machine);
  if (host.hasOneRemove) env['__syscall_rmdir'] = (path = 0) => removeEntry(unlinkAt, path);
  for (const [name, call] of Object.entries(env)) {
    if (!name.startsWith('__syscall_')) continue;
    const paths = pathArguments[name] ?? [];
    env[name] = (...args) => {
      const escapes = paths.some((at) => leavesRoot(machine(), args[at] ?? 0));
      return -toBoardErrno(-(escapes ? -WasiErrno.EINVAL : breakIn.serveVm(() => call(...args))));
    };
  }
  for (const [name, call] of Object.entries(wasi)) {
    wasi[name] = (...args) => toBoardErrno(breakIn.serveVm(() => call(...args)));
  }
  const resizeHeap = env['emscripten_resize_heap'] ?? (() => 0);
  env['emscripten_resize_heap'] = (size = 0) => {
    if (size >>> 0 <= maxMemoryBytes) return resizeHeap(size);
    calls.tellNoMemory();
    return 0;
  };
  env['mp_js_ticks_ms'] = () => breakIn.serveVm(() => console.ticksMs());
  return { env: calls.watch(env), wasi_snapshot_preview1: wasi };
}

const currentFolder = -100;
const removeFolder = 512;

/** littlefs has one call that removes files and empty folders; `os.remove` and `os.rmdir` on a board both are that call. */
function removeEntry(unlinkAt: Call, path: number): number {
  const result = unlinkAt(currentFolder, path, 0);
  return result === -WasiErrno.EISDIR ? unlinkAt(currentFolder, path, removeFolder) : result;
}

/**
 * Where `import` looks for a file of a relative path, VfsPosix puts its root in front of it (extmod/vfs_posix.c), and not the current
 * folder. Of an absolute one it makes a path with two slashes, and `os.stat` asks in the root: so what has one slash is relative.
 */
function findImports(stat: Call, machine: () => RunningMachine | undefined): Call {
  return (path = 0, ...rest) => {
    const text = textAt(machine(), path);
    const isRelative = text.startsWith(`${boardRoot}/`) && !text.startsWith(`${boardRoot}//`);
    return stat(isRelative ? path + boardRoot.length + 1 : path, ...rest);
  };
}

function textAt(machine: RunningMachine | undefined, pointer: number): string {
  if (machine === undefined) return '';
  const bytes = new Uint8Array(machine.memory(), pointer);
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
}

const openFolder = 0o200000;

/** On a computer a folder can be opened like a file; on littlefs that is EISDIR at once. */
function openFilesOnly(openAt: Call, machine: () => RunningMachine | undefined): Call {
  return (folder = 0, path = 0, flags = 0, mode = 0) => {
    const fd = openAt(folder, path, flags, mode);
    const fs = machine()?.fs;
    const stream = fs?.streams[fd];
    if (fs === undefined || !stream || (flags & openFolder) !== 0 || !fs.isDir(stream.node.mode)) return fd;
    fs.close(stream);
    return -WasiErrno.EISDIR;
  };
}

/** Whether a path has more `..` than folders before them: littlefs answers EINVAL. */
function leavesRoot(machine: RunningMachine | undefined, pointer: number): boolean {
  if (machine === undefined) return false;
  const text = textAt(machine, pointer);
  const path = text.startsWith('/') ? text : `${machine.fs.cwd()}/${text}`;
  if (!path.startsWith(`${boardRoot}/`)) return false;
  let depth = 0;
  for (const part of path.slice(boardRoot.length).split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
