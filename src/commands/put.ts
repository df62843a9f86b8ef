import { resolve } from 'node:path';
import type { Board } from '../board/board.js';
import type { Context } from '../context.js';
import type { FileToWrite } from '../board/upload.js';
import { UpywError, isUpywError } from '../errors.js';
import { formatBytes, printableName } from '../ui/format.js';
import { shownPath } from './support/board-path.js';
import { expandWildcards } from './support/expand-wildcards.js';
import { localKind, readLocalFile } from './support/local-files.js';
import { withBoard } from './support/open-board.js';
import { describeFiles } from './support/describe-files.js';
import { splitPutOperands } from './support/put-operands.js';
import {
  type FileToPut,
  type PutPlan,
  type RemoteKind,
  placeSources,
  readSources,
} from './support/put-plan.js';

export interface PutOptions {
  readonly recursive?: true;
}

/** `upyw put LOCAL… [:DEST]`: copies to the board as `cp` would; every file is replaced whole or not at all. */
export async function put(context: Context, operands: readonly string[], options: PutOptions): Promise<void> {
  const { cwd, platform } = context.world;
  const { sources, destination } = await splitPutOperands(
    platform === 'win32' ? await expandWildcards(cwd, operands) : operands,
    async (path) => (await localKind(resolve(cwd, path))) !== undefined,
  );
  const local = await readSources(cwd, sources, options.recursive === true);
  const plan = await withBoard(context, async (board) => {
    const placed = await placeSources(local, destination, remoteKindOf(board));
    if (context.flags.dryRun) tellPlan(context, placed);
    else await putAll(context, board, placed);
    return placed;
  });
  context.reporter.result({ ...plan, dryRun: context.flags.dryRun });
}

async function putAll(
  { world, reporter }: Context,
  board: Board,
  { folders, files }: PutPlan,
): Promise<void> {
  const { signal } = world;
  await board.makeFolders(folders, { parents: true, signal });
  if (files.length === 0) return;
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const progress = reporter.progress(`put ${describeFiles(files)}`, totalBytes);
  try {
    await board.writeFiles(files.map(toWrite), { onProgress: progress.update, signal });
  } catch (error) {
    progress.stop();
    throw error;
  }
  progress.finish();
}

function toWrite({ local, remote, sizeBytes }: FileToPut): FileToWrite {
  return { path: remote, sizeBytes, load: () => readUnchanged(local, sizeBytes) };
}

/** The board was told the size; a file that has grown meanwhile would arrive cut off. */
async function readUnchanged(path: string, sizeBytes: number): Promise<Uint8Array> {
  const bytes = await readLocalFile(path);
  if (bytes.length !== sizeBytes) {
    throw new UpywError('file/failed', { path, reason: 'it changed while it was being copied' });
  }
  return bytes;
}

function tellPlan({ reporter }: Context, { folders, files }: PutPlan): void {
  for (const folder of folders)
    reporter.info(`would make the folder ${shownPath(folder)}, if it is not there`);
  for (const { local, remote, sizeBytes } of files) {
    reporter.info(`would put ${printableName(local)} to ${shownPath(remote)} (${formatBytes(sizeBytes)})`);
  }
}

function remoteKindOf(board: Board): RemoteKind {
  return async (path) => {
    try {
      return (await board.stat(path)).type;
    } catch (error) {
      if (isUpywError(error, 'board/not-found')) return undefined;
      throw error;
    }
  };
}
