/**
 * The parts of Emscripten's generated code (`micropython.mjs`) that the virtual board uses. The package ships no types;
 * the names and numbers are those of Emscripten's `library_fs.js`.
 */

import type { WasmInstance, WasmModule } from './wasm.js';

/** Error numbers inside the wasm are WASI's; `toBoardErrno` turns them into the board's on the way to Python. */
export const WasiErrno = {
  EACCES: 2,
  EBUSY: 10,
  EEXIST: 20,
  EILSEQ: 25,
  EINTR: 27,
  EINVAL: 28,
  EIO: 29,
  EISDIR: 31,
  ENAMETOOLONG: 37,
  ENFILE: 41,
  ENODEV: 43,
  ENOENT: 44,
  ENOSPC: 51,
  ENOTDIR: 54,
  ENOTEMPTY: 55,
  EROFS: 69,
} as const;

export interface FsNode {
  id: number;
  name: string;
  mode: number;
  rdev: number;
  parent: FsNode;
  node_ops: FsNodeOps;
  stream_ops: FsStreamOps;
}

export interface FsStream {
  readonly path?: string;
  fd: number | null;
  node: FsNode;
  flags: number;
  position: number;
  seekable: boolean;
  stream_ops: FsStreamOps;
}

export interface FsAttributes {
  dev: number;
  ino: number;
  mode: number;
  nlink: number;
  uid: number;
  gid: number;
  rdev: number;
  size: number;
  atime: Date;
  mtime: Date;
  ctime: Date;
  blksize: number;
  blocks: number;
}

export interface FsNodeOps {
  getattr?(node: FsNode): FsAttributes;
  setattr?(node: FsNode, attributes: { size?: number }): void;
  lookup?(parent: FsNode, name: string): FsNode;
  mknod?(parent: FsNode, name: string, mode: number, dev: number): FsNode;
  rename?(node: FsNode, newParent: FsNode, newName: string): void;
  unlink?(parent: FsNode, name: string): void;
  rmdir?(parent: FsNode, name: string): void;
  readdir?(node: FsNode): string[];
  statfs?(): { bsize: number; frsize: number; blocks: number; bfree: number; bavail: number };
}

export interface FsStreamOps {
  open?(stream: FsStream): void;
  close?(stream: FsStream): void;
  read?(stream: FsStream, buffer: Int8Array, offset: number, length: number, position: number): number;
  write?(stream: FsStream, buffer: Int8Array, offset: number, length: number, position: number): number;
  llseek?(stream: FsStream, offset: number, whence: number): number;
  fsync?(stream: FsStream): number;
  poll?(stream: FsStream): number;
}

export interface EmscriptenFs {
  streams: (FsStream | null | undefined)[];
  ErrnoError: new (errno: number) => Error;
  createNode(parent: FsNode | null, name: string, mode: number, rdev: number): FsNode;
  destroyNode(node: FsNode): void;
  lookupPath(path: string): { path: string; node: FsNode };
  mkdir(path: string): FsNode;
  mkdev(path: string, mode: number, dev: number): FsNode;
  makedev(major: number, minor: number): number;
  registerDevice(dev: number, ops: FsStreamOps): void;
  open(path: string, flags: string): FsStream;
  close(stream: FsStream): void;
  cwd(): string;
  chdir(path: string): void;
  isDir(mode: number): boolean;
  mount(type: { mount(): FsNode }, options: object, mountpoint: string): FsNode;
}

export interface EmscriptenModule {
  readonly FS: EmscriptenFs;
  ccall(name: string, returns: string, types: string[], args: unknown[]): unknown;
  UTF8ToString(pointer: number): string;
}

/** MicroPython's own exports, called without Emscripten's wrappers because every typed character goes through one. */
export interface MicroPythonExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(sizeBytes: number): number;
  mp_sched_keyboard_interrupt(): void;
  /** These two are exported by `withCollector`. */
  gc_collect_start(): void;
  gc_collect_end(): void;
  emscripten_stack_get_base(): number;
  emscripten_stack_get_current(): number;
  _emscripten_stack_alloc(sizeBytes: number): number;
  _emscripten_stack_restore(address: number): void;
  mp_hal_get_interrupt_char(): number;
  free(pointer: number): void;
  mp_js_do_exec(source: number, sizeBytes: number, result: number): void;
  readonly __indirect_function_table: {
    get(index: number): (...args: number[]) => number;
    set(index: number, value: (...args: number[]) => number): void;
  };
  mp_js_repl_init(): void;
  mp_js_repl_process_char(char: number): number;
}

type HostFunction = (...args: number[]) => unknown;
export type WasmImports = Record<string, Record<string, HostFunction>>;

export interface EmscriptenOptions {
  instantiateWasm(imports: WasmImports, done: (instance: WasmInstance, module: WasmModule) => void): unknown;
}

export type CreateMicroPythonModule = (options: EmscriptenOptions) => Promise<EmscriptenModule>;
