import type { Allocator } from './allocator.js';
import type { BlockDevice } from './block-device.js';
import { words } from './bytes.js';
import type { Structure } from './contents.js';
import { CtzWriter, blockAt, readBlocks } from './ctz-list.js';
import { LittlefsError } from './littlefs-error.js';
import { TagType } from './tag.js';

/** What is no longer goes into a block of its own: MicroPython's cache is so large, and littlefs keeps what fits there within the folder. */
const maxInlineBytes = 128;

const nothing = new Uint8Array(0);

/** A file's content: within its folder, or in blocks. */
export type Content =
  | { readonly inline: Uint8Array; readonly sizeBytes: number; readonly blocks: readonly [] }
  | { readonly inline?: never; readonly sizeBytes: number; readonly blocks: readonly number[] };

export function inlineContent(inline: Uint8Array): Content {
  return { inline, sizeBytes: inline.length, blocks: [] };
}

/** Content at some place in a file. Throws `corrupt`. */
export function readContent(
  device: BlockDevice,
  { inline, sizeBytes, blocks }: Content,
  position: number,
  length: number,
): Uint8Array {
  const end = Math.max(position, Math.min(position + length, sizeBytes));
  return inline === undefined ? readBlocks(device, blocks, position, end) : inline.slice(position, end);
}

/** The file system that a file is in. */
export interface FileOwner {
  readonly device: BlockDevice;
  readonly allocator: Allocator;
  readonly maxFileBytes: number;
  /** Gives the file of this path its content, and attributes by their types; makes it where there is none. */
  commit(path: string, structure: Structure, attributes: ReadonlyMap<number, Uint8Array>): void;
  release(file: OpenFile): void;
}

/**
 * A file that is read and changed in places. What is written goes to new blocks as they fill up, and counts from `sync` or `close` on: until then
 * the file system has the old content, and so has whatever a loss of power leaves. When a call has failed, nothing of it counts any more.
 * Every call throws `LittlefsError`.
 */
export class OpenFile {
  /** Kept together with the content, by their types. */
  readonly attributes = new Map<number, Uint8Array>();
  readonly #owner: FileOwner;
  /** Undefined where the file has been removed: what is written to it is lost. */
  path: string | undefined;
  #content: Content;
  #writer: CtzWriter | undefined;
  #isChanged: boolean;
  #hasFailed = false;

  /** @param isChanged Whether the content is not the file's yet. */
  constructor(owner: FileOwner, path: string, content: Content, isChanged: boolean) {
    this.#owner = owner;
    this.#isChanged = isChanged;
    this.path = path;
    this.#content = content;
  }

  get sizeBytes(): number {
    return Math.max(this.#content.sizeBytes, this.#writer?.position ?? 0);
  }

  /** Blocks that no other file may have. */
  get heldBlocks(): readonly number[] {
    return [...this.#content.blocks, ...(this.#writer?.blocks ?? [])];
  }

  /** Fewer where the file ends. */
  read(position: number, sizeBytes: number): Uint8Array {
    this.#attempt(() => {
      this.#flush();
    });
    return readContent(this.#owner.device, this.#content, position, sizeBytes);
  }

  /** What is left out in front of it is zeros. */
  write(position: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#attempt(() => {
      if (this.#writer !== undefined && position !== this.#writer.position) this.#flush();
      if (position > this.sizeBytes) this.#put(this.sizeBytes, new Uint8Array(position - this.sizeBytes));
      this.#put(position, bytes);
    });
  }

  truncate(sizeBytes: number): void {
    if (sizeBytes >= this.sizeBytes) {
      this.write(this.sizeBytes, new Uint8Array(sizeBytes - this.sizeBytes));
      return;
    }
    this.#attempt(() => {
      this.#flush();
      this.#isChanged = true;
      const { device } = this.#owner;
      const { blocks } = this.#content;
      // What stands behind the end in the last block is of no consequence.
      this.#content =
        sizeBytes <= maxInlineBytes
          ? inlineContent(readContent(device, this.#content, 0, sizeBytes))
          : { sizeBytes, blocks: blocks.slice(0, blockAt(device, sizeBytes - 1).index + 1) };
    });
  }

  /** Brings what was written into the file system. */
  sync(): void {
    if (this.#hasFailed || this.path === undefined) return;
    const { path } = this;
    this.#attempt(() => {
      this.#flush();
      if (!this.#isChanged && this.attributes.size === 0) return;
      this.#owner.commit(path, this.#structure, this.attributes);
      this.#isChanged = false;
      this.attributes.clear();
    });
  }

  close(): void {
    try {
      this.sync();
    } finally {
      this.#owner.release(this);
    }
  }

  get #structure(): Structure {
    const { inline, blocks, sizeBytes } = this.#content;
    return inline === undefined
      ? { type: TagType.ctzStruct, data: words(blocks.at(-1) ?? 0, sizeBytes) }
      : { type: TagType.inlineStruct, data: inline };
  }

  #put(position: number, bytes: Uint8Array): void {
    const end = position + bytes.length;
    if (end > this.#owner.maxFileBytes)
      throw new LittlefsError('no-space', `${this.path ?? 'a file'} is too large`);
    this.#isChanged = true;
    const { inline } = this.#content;
    if (this.#writer === undefined && inline !== undefined && end <= maxInlineBytes) {
      const longer = new Uint8Array(Math.max(end, inline.length));
      longer.set(inline);
      longer.set(bytes, position);
      this.#content = inlineContent(longer);
      return;
    }
    this.#writer ??= this.#writeFrom(position);
    this.#writer.append(bytes);
  }

  /** Blocks in front of the one that changes are kept; what is in front of the change in that one is copied. */
  #writeFrom(position: number): CtzWriter {
    const { device, allocator } = this.#owner;
    const { inline, blocks } = this.#content;
    const { index, start } = inline === undefined ? blockAt(device, position) : { index: 0, start: 0 };
    const writer = new CtzWriter(device, allocator, blocks.slice(0, index), start);
    this.#writer = writer;
    writer.append(readContent(device, this.#content, start, position - start));
    return writer;
  }

  /** Brings what was written to an end: what follows it in the file is copied. */
  #flush(): void {
    const writer = this.#writer;
    if (writer === undefined) return;
    const { sizeBytes } = this.#content;
    writer.append(
      readContent(this.#owner.device, this.#content, writer.position, sizeBytes - writer.position),
    );
    writer.finish();
    this.#content = { blocks: writer.blocks, sizeBytes: writer.position };
    this.#writer = undefined;
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#hasFailed = true;
      this.#writer = undefined;
      throw error;
    } finally {
      // What this file has is asked for, and nobody else is at work.
      this.#owner.allocator.settle();
    }
  }
}

export const emptyContent = inlineContent(nothing);
