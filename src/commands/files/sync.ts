import { resolve } from 'node:path';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { boardPath, isMarked } from '../../copying/board-operand.js';
import { requireFolder } from '../../local/local-files.js';
import type { TurboOption } from '../../connecting/open-board.js';
import { withFiles } from '../../connecting/open-files.js';
import { transferRate } from '../../copying/transfer-rate.js';
import { tellSkipped } from '../../ui/tell-skipped.js';
import { readWanted } from '../../copying/read-wanted.js';
import { bytecodeOptions } from './bytecode.js';
import { resultOf, summary, tellPlan } from './sync/report.js';
import { syncBoard } from './sync/sync-board.js';
import { syncOptions } from './sync/sync-options.js';
import type { SyncJob } from '../../copying/sync-once.js';
import { word } from '../../errors/word.js';

export interface SyncOptions extends TurboOption {
  readonly delete?: true;
  readonly watch?: true;
  readonly outsideLinks?: true;
  readonly mpy?: true;
}

/** `upyw sync FOLDER [:DEST]`: what is in the folder goes to the board, as far as it is not there already. */
export async function sync(
  context: Context,
  folder: string,
  destination: string | undefined,
  options: SyncOptions,
): Promise<void> {
  const { flags, reporter, world } = context;
  const bytecode = options.mpy === true ? bytecodeOptions(context) : {};
  const job: SyncJob = {
    root: await localFolder(world.cwd, folder),
    destination: boardPath(destination ?? '', world.platform),
    isExact: options.delete === true,
    turbo: options.turbo,
    outsideLinks: options.outsideLinks === true,
    ...bytecode,
  };
  if (options.watch === true && !flags.dryRun) {
    await (await import('./sync/watch.js')).syncAndWatch(context, job);
    return;
  }
  const [read] = await Promise.all([readWanted(job.root, job), context.loadSettings()]);
  tellSkipped(reporter, read.skipped);
  const { plan, rate } = await withFiles(
    context,
    async (board, live) => {
      const on = { store: board, board: live?.board };
      const plan = await syncBoard(context, on, job, read, syncOptions(context));
      return { plan, rate: transferRate(board) };
    },
    job,
  );
  if (flags.dryRun) tellPlan(context, plan);
  reporter.info(summary(plan, flags.dryRun));
  reporter.result({ ...resultOf(job, plan, flags.dryRun), ...rate });
}

async function localFolder(cwd: string, folder: string): Promise<string> {
  if (isMarked(folder)) {
    const problem = `${folder} is on the board, and sync copies from here to the board; to copy from there: upyw get -r ${word(folder)}`;
    throw new UpywError('usage/arguments', { problem, command: 'upyw sync' });
  }
  const path = resolve(cwd, folder);
  await requireFolder(path, folder);
  return path;
}
