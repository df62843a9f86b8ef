import { FatError } from '../../fat/fat-error.js';
import { LittlefsError } from '../../littlefs/littlefs-error.js';
import { BlockError } from './python-blocks.js';
import { DiskError, type Disk, type DiskEntry, type DiskFile, type DiskFileUse } from './disk.js';
import {
  WasiErrno,
  type EmscriptenFs,
  type FsAttributes,
  type FsNode,
  type FsStream,
} from '../micropython/wasm/emscripten.js';

const folderMode = 0o40777;
const fileMode = 0o100777;

/** Where Emscripten's own tree holds the board's; Python sees it as `/`. */
export const boardRoot = '/flash';

export interface HiddenFolder {
  readonly name: string;
  open(root: FsNode): FsNode;
}

const errnos: Readonly<Record<(LittlefsError | FatError | DiskError)['code'], number>> = {
  corrupt: WasiErrno.EILSEQ,
  'not-found': WasiErrno.ENOENT,
  exists: WasiErrno.EEXIST,
  'not-a-folder': WasiErrno.ENOTDIR,
  'is-folder': WasiErrno.EISDIR,
  'not-empty': WasiErrno.ENOTEMPTY,
  'no-space': WasiErrno.ENOSPC,
  'bad-name': WasiErrno.EINVAL,
  refused: WasiErrno.EACCES,
  'read-only': WasiErrno.EROFS,
  'no-disk': WasiErrno.ENODEV,
  broken: WasiErrno.EIO,
};

/** WASI's number for what a disk has thrown; undefined for what is no error of a disk. */
export function errnoOf(error: unknown): number | undefined {
  const isKnown = error instanceof LittlefsError || error instanceof FatError || error instanceof DiskError;
  return isKnown ? errnos[error.code] : undefined;
}

export interface BoardFsOptions {
  readonly disk: Disk;
  readonly mountPoint: string;
  /** Can be opened by its name in the root but is never listed: where the board's own modules are. */
  readonly hidden?: HiddenFolder;
  /** The VM's memory as it is now, where a disk may make it grow. */
  readonly memory?: () => Int8Array;
  /** A file could not be closed, which MicroPython's C code does not ask for. */
  readonly onCloseError?: (wasiErrno: number) => void;
}

/** Shows a {@link Disk} to the VM as an Emscripten file system (the shape of Emscripten's own MEMFS). */
export class BoardFs {
  readonly #fs: EmscriptenFs;
  readonly #options: BoardFsOptions;
  readonly #disk: Disk;
  readonly #files = new Map<FsStream, DiskFile>();
  /** Emscripten empties a file just before it opens it: it counts when it is closed. */
  #emptied: FsNode | undefined;

  constructor(fs: EmscriptenFs, options: BoardFsOptions) {
    this.#fs = fs;
    this.#options = options;
    this.#disk = options.disk;
  }

  mount(): FsNode {
    return this.#node(null, '/', 'folder');
  }

  #node(parent: FsNode | null, name: string, type: DiskEntry['type']): FsNode {
    const node = this.#fs.createNode(parent, name, type === 'folder' ? folderMode : fileMode, 0);
    const common: FsNode['node_ops'] = {
      getattr: (each) => this.#attributes(each),
      statfs: () => this.#statfs(),
    };
    if (type === 'folder') {
      node.node_ops = { ...common, ...this.#folderOperations() };
      node.stream_ops = { llseek: (stream, offset, whence) => (whence === 1 ? stream.position : 0) + offset };
    } else {
      node.node_ops = {
        ...common,
        setattr: (each, { size }) => {
          if (size === 0) this.#emptied = each;
        },
      };
      node.stream_ops = this.#fileOperations();
    }
    return node;
  }

  #folderOperations(): FsNode['node_ops'] {
    const remove = (folder: FsNode, child: string): void => {
      this.#attempt(() => {
        this.#disk.remove(pathOf(folder, child));
      });
    };
    return {
      lookup: (folder, child) => this.#lookup(folder, child),
      mknod: (folder, child, mode) => this.#create(folder, child, mode),
      rename: (node, folder, child) => {
        this.#rename(node, folder, child);
      },
      // littlefs has one call for both.
      unlink: remove,
      rmdir: remove,
      readdir: (folder) =>
        this.#attempt(() => ['.', '..', ...this.#disk.list(pathOf(folder)).map(({ name }) => name)]),
    };
  }

  #fileOperations(): FsNode['stream_ops'] {
    const fileOf = (stream: FsStream): DiskFile => {
      const file = this.#files.get(stream);
      if (file === undefined) throw new this.#fs.ErrnoError(WasiErrno.EIO);
      return file;
    };
    return {
      open: (stream) => {
        this.#open(stream);
      },
      read: (stream, buffer, offset, length, position) =>
        this.#attempt(() => {
          const bytes = fileOf(stream).read(position, length);
          // Python that was called meanwhile may have made the memory grow: then the old view is empty.
          const memory = buffer.length === 0 ? (this.#options.memory?.() ?? buffer) : buffer;
          memory.set(bytes, offset);
          return bytes.length;
        }),
      write: (stream, buffer, offset, length, position) =>
        this.#attempt(() => {
          const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length).slice();
          fileOf(stream).write(position, bytes);
          return length;
        }),
      llseek: (stream, offset, whence) => {
        const base = [0, stream.position, fileOf(stream).sizeBytes][whence] ?? 0;
        if (base + offset < 0) throw new this.#fs.ErrnoError(WasiErrno.EINVAL);
        return base + offset;
      },
      fsync: (stream) =>
        this.#attempt(() => {
          fileOf(stream).sync();
          return 0;
        }),
      close: (stream) => {
        this.#close(stream, fileOf(stream));
      },
    };
  }

  #open(stream: FsStream): void {
    const isEmptied = this.#emptied === stream.node;
    this.#emptied = undefined;
    const use = (['read', 'write', 'both'] as const satisfies DiskFileUse[])[stream.flags & 3] ?? 'both';
    this.#attempt(() => {
      const file = this.#disk.open(pathOf(stream.node), use);
      if (isEmptied && file.sizeBytes > 0) file.truncate(0);
      this.#files.set(stream, file);
    });
  }

  #close(stream: FsStream, file: DiskFile): void {
    this.#files.delete(stream);
    try {
      file.close();
    } catch (error) {
      this.#options.onCloseError?.(this.#errno(error));
    }
  }

  #lookup(folder: FsNode, name: string): FsNode {
    const { hidden } = this.#options;
    if (hidden !== undefined && folder.parent === folder && name === hidden.name) return hidden.open(folder);
    const entry = this.#attempt(() => this.#disk.stat(pathOf(folder, name)));
    if (entry === undefined) throw new this.#fs.ErrnoError(WasiErrno.ENOENT);
    return this.#node(folder, name, entry.type);
  }

  #create(folder: FsNode, name: string, mode: number): FsNode {
    this.#mustBeName(name);
    const path = pathOf(folder, name);
    const type = this.#fs.isDir(mode) ? 'folder' : 'file';
    this.#attempt(() => {
      if (type === 'folder') this.#disk.makeFolder(path);
      else this.#disk.makeFile(path);
    });
    return this.#node(folder, name, type);
  }

  #rename(node: FsNode, folder: FsNode, name: string): void {
    this.#mustBeName(name);
    const [from, to] = [pathOf(node), pathOf(folder, name)];
    this.#attempt(() => {
      const isReplaced = from !== to && this.#disk.stat(to) !== undefined;
      this.#disk.rename(from, to);
      if (isReplaced) this.#fs.destroyNode(this.#fs.lookupPath(`${this.#options.mountPoint}/${to}`).node);
    });
    node.name = name;
  }

  #attributes(node: FsNode): FsAttributes {
    const path = pathOf(node);
    const entry = path === '' ? undefined : this.#attempt(() => this.#disk.stat(path));
    const size = entry?.sizeBytes ?? 0;
    const modified = new Date(entry?.modifiedMs ?? 0);
    const ids = { dev: 1, ino: node.id, mode: node.mode, nlink: 1, uid: 0, gid: 0, rdev: 0 };
    const times = { atime: modified, mtime: modified, ctime: modified };
    return { ...ids, ...times, size, blksize: usualBlockBytes, blocks: Math.ceil(size / usualBlockBytes) };
  }

  #statfs() {
    const { blockBytes, blockCount, usedBlocks } = this.#attempt(() => this.#disk.space());
    const free = Math.max(0, blockCount - usedBlocks);
    return { bsize: blockBytes, frsize: blockBytes, blocks: blockCount, bfree: free, bavail: free };
  }

  #mustBeName(name: string): void {
    if (new TextEncoder().encode(name).length > nameMaxBytes)
      throw new this.#fs.ErrnoError(WasiErrno.ENAMETOOLONG);
  }

  #attempt<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw new this.#fs.ErrnoError(this.#errno(error));
    }
  }

  /** What is no error of a disk is a mistake of ours. */
  #errno(error: unknown): number {
    const known = error instanceof BlockError ? WasiErrno.EIO : errnoOf(error);
    if (known !== undefined) return known;
    if (error instanceof this.#fs.ErrnoError) return (error as Error & { errno: number }).errno;
    throw error;
  }
}

/** Of littlefs, and of long names on FAT. */
const nameMaxBytes = 255;
const usualBlockBytes = 4096;

/** From the root of its file system, without slashes at its ends. */
function pathOf(node: FsNode, child?: string): string {
  const names: string[] = child === undefined ? [] : [child];
  for (let each = node; each.parent !== each; each = each.parent) names.unshift(each.name);
  return names.join('/');
}
