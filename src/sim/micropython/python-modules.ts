import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packageFile } from '../../package-file.js';
import type { HiddenFolder } from '../files/board-fs.js';
import { WasiErrno, type EmscriptenFs, type FsNode } from './wasm/emscripten.js';

/** Python modules of the board (`machine`, `network`, …): importable, not listed. */
export const hiddenFolder = '.sim';

const pythonFolder = fileURLToPath(packageFile('device/sim/'));

/** A read-only folder of the files in device/sim, read from disk when they are opened. */
export function pythonModules(fs: EmscriptenFs): HiddenFolder {
  return { name: hiddenFolder, open: (root) => folderNode(fs, root, pythonFolder, hiddenFolder) };
}

function folderNode(fs: EmscriptenFs, parent: FsNode, path: string, name: string): FsNode {
  const entries = readdirSync(path, { withFileTypes: true });
  const node = fs.createNode(parent, name, 0o40555, 0);
  node.node_ops = {
    getattr: attributes,
    lookup: (folder, child) => {
      const stored = name === hiddenFolder ? storedName(child) : child;
      const entry = entries.find((each) => each.name === stored);
      if (entry === undefined) throw new fs.ErrnoError(WasiErrno.ENOENT);
      return entry.isDirectory()
        ? folderNode(fs, folder, `${path}${entry.name}/`, child)
        : fileNode(fs, folder, path + entry.name, child);
    },
    readdir: () => ['.', '..', ...entries.map((entry) => entry.name)],
  };
  node.stream_ops = { llseek: (stream, offset, whence) => (whence === 1 ? stream.position : 0) + offset };
  return node;
}

/**
 * What stands for a C module is found under its name with an `@` in front, so that only the board's start-up code finds it: for
 * `import`, these modules have no files.
 */
function storedName(name: string): string {
  if (name.startsWith('@')) return name.slice(1);
  return name.startsWith('_') || !name.includes('.') ? name : '';
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
