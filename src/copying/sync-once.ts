import type { FileStore } from '../board/file-store.js';
import type { Context } from '../context.js';
import { UpywError, isUpywError } from '../errors.js';
import { hasTerminal } from '../world.js';
import { shownPath } from './board-operand.js';
import { describeFiles, firstOf } from '../ui/describe-files.js';
import { showComparison, tellUnknown, writeLocalFiles } from './write-local-files.js';
import { checkSpace } from './check-space.js';
import { type Keeps, type SyncPlan, makePlan, questions, together } from './sync-plan.js';
import type { ReadFolder } from './read-wanted.js';
import { readWanted } from './read-wanted.js';

/** What `sync` was asked to do. */
export interface SyncJob {
  /** A folder of this computer. */
  readonly root: string;
  /** A folder of the board, in its plain form. */
  readonly destination: string;
  /** Whether what is only on the board goes. */
  readonly isExact: boolean;
  /** `false`: the console's rate stays as it is. */
  readonly turbo: boolean | undefined;
  /** Whether links that lead out of `root` are followed. */
  readonly outsideLinks: boolean;
}

export interface SyncOnceOptions {
  /** Whether more stays on the board than what is ignored. */
  readonly alsoKeeps?: Keeps | undefined;
  /** Whether nobody is asked before something is removed. */
  readonly isAgreed?: boolean | undefined;
}

/** While files come and go here, so often. */
const attempts = 3;

/** Makes the folder on the board hold what was read here, and returns what that took. Throws `usage/declined`. */
export async function syncOnce(
  context: Context,
  board: FileStore,
  job: SyncJob,
  read: ReadFolder,
  options: SyncOnceOptions = {},
): Promise<SyncPlan> {
  let wanted = read;
  let before: SyncPlan | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const plan = await compare(context, board, job, wanted, options);
    if (context.flags.dryRun) return plan;
    if (options.isAgreed !== true) await confirmRemoval(context, plan);
    try {
      await carryOut(context, board, plan);
      return before === undefined ? plan : together(before, plan);
    } catch (error) {
      if (attempt === attempts || !changedMeanwhile(error)) throw error;
      before = before === undefined ? plan : together(before, plan);
      wanted = await readWanted(job.root, job);
    }
  }
}

async function compare(
  { world, reporter }: Context,
  board: FileStore,
  { destination, isExact }: SyncJob,
  wanted: ReadFolder,
  { alsoKeeps }: SyncOnceOptions,
): Promise<SyncPlan> {
  const paths = questions(destination, wanted);
  const { files, rules, skipped } = wanted;
  const expected = [...paths.slice(files.length).map(() => undefined), ...files];
  const progress = showComparison(reporter, files);
  const options = { expected, onProgress: progress.update, signal: world.signal };
  const inspection = await board
    .inspect(paths, isExact ? { ...options, below: destination } : options)
    .finally(progress.stop);
  tellUnknown(reporter, inspection.found);
  // What has a name here is not gone from here, though it was not copied.
  const isSkipped = (path: string) => skipped.some((each) => `${path}/`.startsWith(`${each.path}/`));
  const keeps: Keeps = (path, kind) =>
    rules.leavesOut(path, kind) || isSkipped(path) || alsoKeeps?.(path, kind) === true;
  return makePlan(destination, wanted, inspection, isExact ? keeps : undefined);
}

async function carryOut(context: Context, board: FileStore, plan: SyncPlan): Promise<void> {
  const { signal } = context.world;
  await checkSpace(board, plan, signal);
  await board.removePaths(plan.removals, { recursive: true, signal });
  await board.makeFolders(plan.folders, { parents: true, signal });
  await writeLocalFiles(context, board, plan.files, `sync ${describeFiles(plan.files)}`);
}

/** Asks where somebody can answer, with all that goes by its name; a script does what it was told. */
async function confirmRemoval({ world, flags, reporter }: Context, { removed }: SyncPlan): Promise<void> {
  if (removed.length === 0 || flags.yes || !hasTerminal(world)) return;
  reporter.info(`Not in the folder here, and to be removed from the board:`);
  for (const { path, type } of removed) reporter.info(`  ${shownPath(path)}${type === 'folder' ? '/' : ''}`);
  const what = `remove ${firstOf(removed.map(({ path }) => shownPath(path)))} from the board`;
  if (await world.prompts.confirm(`This will ${what}. Go on?`)) return;
  throw new UpywError('usage/declined', { what });
}

/** Whether a file went or grew between the look at it and its sending. */
function changedMeanwhile(error: unknown): boolean {
  return isUpywError(error, 'file/not-found') || isUpywError(error, 'file/failed');
}
