import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packageFile } from '../../package-file.js';
import type { BoardSockets } from '../network/board-sockets.js';
import type { BoardConsole } from './board-console.js';
import { boardDevice, type BoardCalls } from './board-device.js';
import { BoardFs, boardRoot, type HiddenFolder } from './board-fs.js';
import type { BoardVolume } from './board-volume.js';
import { consoleFiles } from './console-files.js';
import { socketDevice } from './socket-device.js';
import { WasiErrno, type EmscriptenFs, type FsNode, type MicroPythonExports } from './emscripten.js';
import type { WasmModule } from './wasm.js';
import { createVm, machineName, type Vm } from './vm.js';

/** Python modules of the board (`machine`, `network`, …): importable, not listed. */
const hiddenFolder = '.sim';

const pythonFolder = fileURLToPath(packageFile('device/sim/'));

export interface BoardVmOptions {
  readonly module: WasmModule;
  readonly console: BoardConsole;
  readonly volume: BoardVolume;
  readonly calls: BoardCalls;
  readonly sockets: BoardSockets;
}

/** A VM that is a board: its files at `/`, its console on the wire, its modules importable. */
export async function createBoardVm(options: BoardVmOptions): Promise<Vm> {
  const vm = await createVm(options.module, options.console);
  const { fs } = vm;
  const files = consoleFiles(fs, options.console);
  let objects: readonly number[] = [];
  const device = boardDevice({
    ...options.calls,
    objects: (addresses) => {
      objects = addresses;
    },
  });
  fs.registerDevice(fs.makedev(90, 0), device);
  fs.mkdev('/dev/board', 0o666, fs.makedev(90, 0));
  fs.registerDevice(fs.makedev(92, 0), socketDevice(fs, options.sockets));
  fs.mkdev('/dev/net', 0o666, fs.makedev(92, 0));
  fs.mkdir(boardRoot);
  fs.mount(new BoardFs(fs, options.volume, pythonModules(fs)), {}, boardRoot);
  const said = vm.captured(() => {
    const start = `execfile('${boardRoot}/${hiddenFolder}/_start.py')`;
    for (const byte of new TextEncoder().encode(`\x01${start}\x04\x02`)) vm.processChar(byte);
  });
  if (said.includes('Traceback')) throw new Error(`the board's start-up code failed: ${said}`);
  becomeBoard(vm.exports, objects, files);
  // From here on Ctrl-C counts: the start-up code must not be interrupted.
  options.console.attach(vm.exports);
  return vm;
}

/** What the end of a VM does on a board: open files are closed, so what was written to them is kept. */
export function closeFiles(vm: Vm): void {
  for (const stream of vm.fs.streams) if (stream) stream.stream_ops.close?.(stream);
}

/**
 * MicroPython keeps these objects at fixed places in its memory, so they can be made the board's: the console objects get
 * files of their own (bytes as they are, or `\n` as `\r\n`), the names what a board says.
 */
function becomeBoard(
  exports: MicroPythonExports,
  objects: readonly number[],
  files: ReturnType<typeof consoleFiles>,
): void {
  const words = new Uint32Array(exports.memory.buffer);
  const [stdin = 0, stdinBuffer = 0, stdout = 0, stdoutBuffer = 0, stderr = 0, ...names] = objects;
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

/** A read-only folder of the files in device/sim, read from disk when they are opened. */
function pythonModules(fs: EmscriptenFs): HiddenFolder {
  return { name: hiddenFolder, open: (root) => folderNode(fs, root, pythonFolder, hiddenFolder) };
}

function folderNode(fs: EmscriptenFs, parent: FsNode, path: string, name: string): FsNode {
  const entries = readdirSync(path, { withFileTypes: true });
  const node = fs.createNode(parent, name, 0o40555, 0);
  node.node_ops = {
    getattr: attributes,
    lookup: (folder, child) => {
      const entry = entries.find((each) => each.name === child);
      if (entry === undefined) throw new fs.ErrnoError(WasiErrno.ENOENT);
      return entry.isDirectory()
        ? folderNode(fs, folder, `${path}${child}/`, child)
        : fileNode(fs, folder, path + child, child);
    },
    readdir: () => ['.', '..', ...entries.map((entry) => entry.name)],
  };
  node.stream_ops = { llseek: (stream, offset, whence) => (whence === 1 ? stream.position : 0) + offset };
  return node;
}

function fileNode(fs: EmscriptenFs, parent: FsNode, path: string, name: string): FsNode {
  const contents = readFileSync(path);
  const node = fs.createNode(parent, name, 0o100444, 0);
  node.node_ops = { getattr: (each) => ({ ...attributes(each), size: contents.length }) };
  node.stream_ops = {
    open: (stream) => {
      if ((stream.flags & 3) !== 0) throw new fs.ErrnoError(WasiErrno.EROFS);
    },
    llseek: (stream, offset, whence) => offset + ([0, stream.position, contents.length][whence] ?? 0),
    read: (_stream, buffer, offset, length, position) => {
      const bytes = contents.subarray(position, position + length);
      buffer.set(bytes, offset);
      return bytes.length;
    },
  };
  return node;
}

function attributes(node: FsNode) {
  const never = new Date(0);
  const ids = { dev: 2, ino: node.id, mode: node.mode, nlink: 1, uid: 0, gid: 0, rdev: 0 };
  return { ...ids, size: 0, atime: never, mtime: never, ctime: never, blksize: 4096, blocks: 0 };
}
