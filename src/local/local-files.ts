import { Buffer } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { UpywError } from '../errors.js';
import { errorCode, localError } from '../errors/local-error.js';
import { openLocalTarget } from './local-target.js';
import { makeFolders } from './make-folders.js';

/** What is at a path of this computer; undefined: nothing. Throws `file/…` when it cannot even be looked at. */
export async function localKind(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw localError(error, path);
  }
}

/**
 * Tells a folder from another one of the same name, also where the disk gives the number of the old one to the new one. Undefined
 * where there is no folder.
 */
export async function identityOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found?.isDirectory() === true ? `${found.dev} ${found.ino} ${found.birthtimeNs}` : undefined;
}

/** Whether it has content that could be lost: no pipe, no terminal, nothing at all. */
export async function isOrdinaryFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true;
}

/** Why a path of which `kind` was found is no folder to work on. */
export function noFolder(path: string, kind: 'file' | 'folder' | undefined): UpywError {
  return kind === 'file'
    ? new UpywError('file/not-a-folder', { path })
    : new UpywError('file/not-found', { path, asFolder: true });
}

/** Throws `file/not-found`, `file/not-a-folder` unless a folder is at `path`; `named` is how it was called. */
export async function requireFolder(path: string, named: string): Promise<void> {
  const kind = await localKind(path);
  if (kind !== 'folder') throw noFolder(named, kind);
}

/** Makes a folder and those above it, unless they are there. Throws `file/…`. */
export function makeLocalFolders(path: string): void {
  try {
    makeFolders(path);
  } catch (error) {
    throw localError(error, path);
  }
}

/** A whole file. Throws `file/…`. */
export async function readLocalFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw localError(error, path);
  }
}

const pieceBytes = 64 * 1024;

/**
 * A whole file in pieces of 64 KiB. Throws `file/…`, also when it is not `sizeBytes` long any more: what was told that size
 * would get it cut off.
 */
export async function* readLocalPieces(path: string, sizeBytes: number): AsyncGenerator<Uint8Array> {
  let doneBytes = 0;
  try {
    // A stream takes several times as long as what it brings of a small file.
    const pieces = sizeBytes <= pieceBytes ? [await readFile(path)] : createReadStream(path);
    for await (const piece of pieces as AsyncIterable<Uint8Array>) {
      doneBytes += piece.length;
      if (doneBytes > sizeBytes) break;
      yield piece;
    }
  } catch (error) {
    throw localError(error, path);
  }
  if (doneBytes !== sizeBytes) {
    throw new UpywError('file/failed', { path, reason: 'it changed while it was being copied' });
  }
}

/** What is to go to the board, in pieces; what came through a pipe is here already. Throws `file/…`. */
export async function* piecesOf(file: {
  readonly local: string;
  readonly sizeBytes: number;
  readonly content?: Uint8Array;
}): AsyncGenerator<Uint8Array> {
  if (file.content === undefined) yield* readLocalPieces(file.local, file.sizeBytes);
  else yield file.content;
}

/** No chip that upyw knows has more flash; a pipe may have no end. */
const maxPipeBytes = 0x1000000;

/** All that a pipe brings. Throws `file/…`, also where that is more than any board could hold. */
export async function readToEnd(path: string, stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of stream) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxPipeBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw localError(error, path);
  }
  if (sizeBytes > maxPipeBytes) {
    const reason = `more than ${maxPipeBytes / 0x100000} MiB come from there, which no board holds`;
    throw new UpywError('file/failed', { path, reason });
  }
  return Buffer.concat(chunks);
}

/** Puts a file in place in one step, as `openLocalTarget` does; `before` looks in the same moment whether that may be. */
export async function writeLocalFile(
  path: string,
  bytes: Uint8Array,
  { before, ...options }: { mode?: number; before?: () => void } = {},
): Promise<void> {
  const target = await openLocalTarget(path, options);
  try {
    await target.write(bytes);
  } catch (error) {
    await target.abandon();
    throw error;
  }
  await target.finish(before);
}
