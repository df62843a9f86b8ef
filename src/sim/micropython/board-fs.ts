import { blockSizeBytes, nameMaxBytes, type Entry, type FileEntry, type FolderEntry } from './board-tree.js';
import type { BoardVolume } from './board-volume.js';
import { WasiErrno, type EmscriptenFs, type FsAttributes, type FsNode, type FsStream } from './emscripten.js';

const folderMode = 0o40777;
const fileMode = 0o100777;

export interface HiddenFolder {
  readonly name: string;
  open(root: FsNode): FsNode;
}

/**
 * Shows a {@link BoardVolume} to the VM as an Emscripten file system (the shape of Emscripten's own MEMFS). It stands in for the
 * board's littlefs: same errors, same limits, sizes of zero for folders, no times.
 */
export class BoardFs {
  readonly #fs: EmscriptenFs;
  readonly #volume: BoardVolume;
  readonly #entries = new WeakMap<FsNode, Entry>();
  readonly #hidden: HiddenFolder;

  /** `hidden` can be opened by its name in the root but is never listed: where the board's own modules are. */
  constructor(fs: EmscriptenFs, volume: BoardVolume, hidden: HiddenFolder) {
    this.#fs = fs;
    this.#volume = volume;
    this.#hidden = hidden;
  }

  mount(): FsNode {
    return this.#node(null, '/', this.#volume.root);
  }

  #node(parent: FsNode | null, name: string, entry: Entry): FsNode {
    const node = this.#fs.createNode(parent, name, entry.type === 'folder' ? folderMode : fileMode, 0);
    this.#entries.set(node, entry);
    const common = {
      getattr: (each: FsNode) => {
        this.#volume.chargeFind();
        return this.#attributes(each);
      },
      setattr: (each: FsNode, attributes: { size?: number }) => {
        if (attributes.size !== undefined) this.#truncate(each, attributes.size);
      },
      statfs: () => this.#statfs(),
    };
    if (entry.type === 'folder') {
      node.node_ops = {
        ...common,
        lookup: (folder, child) => this.#lookup(folder, child),
        mknod: (folder, child, mode) => this.#create(folder, child, mode),
        rename: (each, folder, child) => {
          this.#rename(each, folder, child);
        },
        unlink: (folder, child) => {
          this.#remove(folder, child);
        },
        rmdir: (folder, child) => {
          this.#remove(folder, child);
        },
        readdir: (folder) => ['.', '..', ...this.#folder(folder).children.keys()],
      };
      node.stream_ops = { llseek: (stream, offset, whence) => (whence === 1 ? stream.position : 0) + offset };
    } else {
      node.node_ops = common;
      node.stream_ops = this.#fileOperations(entry);
    }
    return node;
  }

  #fileOperations(file: FileEntry): FsNode['stream_ops'] {
    return {
      open: (stream) => {
        if ((stream.flags & 3) !== 0) this.#mustBeWritable();
        this.#volume.chargeFind();
      },
      read: (_stream, buffer, offset, length, position) => {
        const size = Math.max(0, Math.min(length, file.sizeBytes - position));
        buffer.set(file.contents.subarray(position, position + size), offset);
        this.#volume.chargeRead(size);
        return size;
      },
      write: (_stream, buffer, offset, length, position) => {
        if (length === 0) return 0;
        const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length);
        const written = this.#volume.write(file, position, bytes);
        if (written === 0) throw this.#error(WasiErrno.ENOSPC);
        return written;
      },
      llseek: (stream, offset, whence) => {
        const base = whence === 1 ? stream.position : whence === 2 ? file.sizeBytes : 0;
        if (base + offset < 0) throw this.#error(WasiErrno.EINVAL);
        return base + offset;
      },
      fsync: (stream) => {
        this.#commit(stream, file);
        return 0;
      },
      close: (stream) => {
        this.#commit(stream, file);
      },
    };
  }

  /** Files opened for writing count from here on; one that was removed meanwhile does not come back. */
  #commit(stream: FsStream, file: FileEntry): void {
    const isWriter = (stream.flags & 3) !== 0;
    const parent = this.#entries.get(stream.node.parent);
    const isLinked = parent?.type === 'folder' && parent.children.get(stream.node.name) === file;
    if (isWriter && isLinked) this.#volume.commitFile(this.#path(stream.node), file);
  }

  #lookup(folder: FsNode, name: string): FsNode {
    if (folder.parent === folder && name === this.#hidden.name) return this.#hidden.open(folder);
    const entry = this.#folder(folder).children.get(name);
    if (entry === undefined) throw this.#error(WasiErrno.ENOENT);
    return this.#node(folder, name, entry);
  }

  #create(folder: FsNode, name: string, mode: number): FsNode {
    this.#mustBeWritable();
    this.#mustBeName(name);
    const path = this.#path(folder, name);
    if (!this.#volume.hasRoomFor(path)) throw this.#error(WasiErrno.ENOSPC);
    const type = this.#fs.isDir(mode) ? 'folder' : 'file';
    return this.#node(folder, name, this.#volume.add(this.#folder(folder), name, path, type));
  }

  #rename(node: FsNode, folder: FsNode, name: string): void {
    this.#mustBeWritable();
    this.#mustBeName(name);
    const entry = this.#entries.get(node);
    const target = this.#folder(folder).children.get(name);
    if (target === entry) return;
    if (target !== undefined) this.#mustBeReplaceable(entry, target);
    if (target !== undefined) this.#fs.destroyNode(this.#lookupCached(folder, name));
    const from = this.#folder(node.parent);
    const path = this.#path(node);
    this.#volume.rename(from, node.name, path, this.#folder(folder), name, this.#path(folder, name));
    node.name = name;
  }

  /** littlefs lets a file replace a file and a folder replace an empty folder. */
  #mustBeReplaceable(entry: Entry | undefined, target: Entry): void {
    if (target.type === 'folder' && entry?.type === 'file') throw this.#error(WasiErrno.EISDIR);
    if (target.type === 'file' && entry?.type === 'folder') throw this.#error(WasiErrno.ENOTDIR);
    if (target.type === 'folder' && target.children.size > 0) throw this.#error(WasiErrno.ENOTEMPTY);
  }

  /** `os.remove` and `os.rmdir` are one and the same on littlefs: they take files and empty folders. */
  #remove(folder: FsNode, name: string): void {
    this.#mustBeWritable();
    const entry = this.#folder(folder).children.get(name);
    if (entry?.type === 'folder' && entry.children.size > 0) throw this.#error(WasiErrno.ENOTEMPTY);
    this.#volume.remove(this.#folder(folder), name, this.#path(folder, name));
  }

  #truncate(node: FsNode, sizeBytes: number): void {
    this.#mustBeWritable();
    const entry = this.#entries.get(node);
    if (entry?.type === 'file' && !this.#volume.truncate(entry, sizeBytes)) {
      throw this.#error(WasiErrno.ENOSPC);
    }
  }

  #attributes(node: FsNode): FsAttributes {
    const entry = this.#entries.get(node);
    const size = entry?.type === 'file' ? entry.sizeBytes : 0;
    const never = new Date(0);
    const ids = { dev: 1, ino: node.id, mode: node.mode, nlink: 1, uid: 0, gid: 0, rdev: 0 };
    const times = { atime: never, mtime: never, ctime: never };
    return { ...ids, ...times, size, blksize: blockSizeBytes, blocks: Math.ceil(size / blockSizeBytes) };
  }

  #statfs() {
    const free = this.#volume.freeBlocks;
    const sizes = { bsize: blockSizeBytes, frsize: blockSizeBytes };
    return { ...sizes, blocks: this.#volume.totalBlocks, bfree: free, bavail: free };
  }

  #lookupCached(folder: FsNode, name: string): FsNode {
    return this.#fs.lookupPath(`${boardRoot}/${this.#path(folder, name)}`).node;
  }

  #path(node: FsNode, child?: string): string {
    const names: string[] = child === undefined ? [] : [child];
    for (let each = node; each.parent !== each; each = each.parent) names.unshift(each.name);
    return names.join('/');
  }

  #folder(node: FsNode): FolderEntry {
    const entry = this.#entries.get(node);
    if (entry?.type !== 'folder') throw this.#error(WasiErrno.ENOTDIR);
    return entry;
  }

  #mustBeWritable(): void {
    if (this.#volume.readOnly) throw this.#error(WasiErrno.EROFS);
  }

  #mustBeName(name: string): void {
    if (new TextEncoder().encode(name).length > nameMaxBytes) throw this.#error(WasiErrno.ENAMETOOLONG);
  }

  #error(errno: number): Error {
    return new this.#fs.ErrnoError(errno);
  }
}

/** Where Emscripten's own tree holds the board's; Python sees it as `/`. */
export const boardRoot = '/flash';
