import type { Board } from '../../../board/board.js';
import type { FileStore } from '../../../board/file-store.js';
import type { Context } from '../../../context.js';
import type { ReadFolder } from '../../../copying/read-wanted.js';
import { type SyncJob, type SyncOnceOptions, syncOnce } from '../../../copying/sync-once.js';
import type { SyncPlan } from '../../../copying/sync-plan.js';
import { removeHiding, requireBytecode } from '../bytecode.js';

/** One sync; of bytecode with a look at what the board takes before, and what would hide it behind. */
export async function syncBoard(
  context: Context,
  { store, board }: { readonly store: FileStore; readonly board: Board | undefined },
  job: SyncJob,
  read: ReadFolder,
  options: SyncOnceOptions,
): Promise<SyncPlan> {
  const isBytecode = job.transform !== undefined;
  if (isBytecode) await requireBytecode(board);
  const plan = await syncOnce(store, job, read, options);
  if (isBytecode) await removeHiding(context, store, [...plan.files, ...plan.unchanged]);
  return plan;
}
