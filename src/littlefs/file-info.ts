import { wordAt } from './bytes.js';
import type { Entry } from './contents.js';
import { TagType } from './tag.js';

export interface FileInfo {
  readonly name: string;
  readonly type: 'file' | 'folder';
  /** 0 for a folder. */
  readonly sizeBytes: number;
  /** What was put down with it, by 8-bit types; MicroPython's is 1: the time of its last change. */
  readonly attributes: ReadonlyMap<number, Uint8Array>;
}

export interface Space {
  readonly blockBytes: number;
  readonly blockCount: number;
  readonly usedBlocks: number;
}

export interface WriteOptions {
  /** Replaced by their types; an older one of another type stays. */
  readonly attributes?: ReadonlyMap<number, Uint8Array>;
}

/** What an entry of a folder says. */
export function infoOf({ type, name, structure, attributes }: Entry): FileInfo {
  const isFolder = type === TagType.folder;
  const isList = structure?.type === TagType.ctzStruct;
  const sizeBytes = isList ? ctzOf(structure.data).sizeBytes : (structure?.data.length ?? 0);
  return {
    name: new TextDecoder().decode(name),
    type: isFolder ? 'folder' : 'file',
    sizeBytes: isFolder ? 0 : sizeBytes,
    attributes,
  };
}

/** Where a list of blocks ends, and how long its content is. */
export function ctzOf(data: Uint8Array) {
  return { head: wordAt(data, 0), sizeBytes: wordAt(data, 1) };
}
