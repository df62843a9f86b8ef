import { joinPath } from '../board/board-path.js';
import type { FileStore } from '../board/file-store.js';
import { isUpywError } from '../errors.js';
import { asBoardSpells } from './board-spelling.js';
import { checkSpace } from './check-space.js';
import { noteUnknown } from './compare-files.js';
import type { CopyOptions } from './copy-options.js';
import { type Places, refuseOneName, withoutOneNames } from './one-name.js';
import { type ReadFolder, readWanted } from './read-wanted.js';
import { type Keeps, type SyncPlan, makePlan, questions, together } from './sync-plan.js';
import { writeLocalFiles } from './write-local-files.js';

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
  /** What is made of the folder before it goes, such as bytecode. */
  readonly transform?: ((read: ReadFolder) => Promise<ReadFolder>) | undefined;
}

export interface SyncOnceOptions extends CopyOptions {
  /** Nothing is changed: only the plan is made. */
  readonly dryRun?: boolean | undefined;
  /** Whether more stays on the board than what is ignored. */
  readonly alsoKeeps?: Keeps | undefined;
  /** Called before something is removed. What it throws ends the sync, with nothing changed. */
  readonly beforeRemoval?: ((plan: SyncPlan) => Promise<void>) | undefined;
}

/** While files come and go here, so often. */
const attempts = 3;

/** Makes the folder on the board hold what was read here, and returns what that took. */
export async function syncOnce(
  board: FileStore,
  job: SyncJob,
  read: ReadFolder,
  options: SyncOnceOptions,
): Promise<SyncPlan> {
  let wanted = read;
  let before: SyncPlan | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const plan = await compare(board, job, wanted, options);
    if (options.dryRun === true) return plan;
    if (plan.removed.length > 0) await options.beforeRemoval?.(plan);
    try {
      await carryOut(board, plan, options);
      return before === undefined ? plan : together(before, plan);
    } catch (error) {
      if (attempt === attempts || !changedMeanwhile(error)) throw error;
      before = before === undefined ? plan : together(before, plan);
      wanted = await readWanted(job.root, job);
    }
  }
}

async function compare(
  board: FileStore,
  { destination, isExact }: SyncJob,
  read: ReadFolder,
  options: SyncOnceOptions,
): Promise<SyncPlan> {
  const { rules, skipped } = read;
  const below = isExact ? { below: destination } : {};
  const look = ({ folders, files }: ReadFolder) => {
    const paths = questions(destination, { folders, files, skipped });
    const expected = [...paths.slice(files.length).map(() => undefined), ...files];
    const sized = files.map(({ path, sizeBytes }) => ({ remote: path, sizeBytes }));
    return options.during('compare', sized, (onProgress) =>
      board.inspect(paths, { expected, onProgress, signal: options.signal, ...below }),
    );
  };
  await refuseOneName(board, placesOf(destination, read), options.signal);
  let wanted = read;
  let inspection = await look(wanted);
  const respelled = await asBoardSpells(board, destination, wanted, inspection, options.signal);
  if (respelled !== undefined) {
    wanted = respelled;
    inspection = await look(wanted);
  }
  const paths = questions(destination, wanted);
  const asked = new Map(paths.map((path, index) => [path, inspection.found[index]]));
  const others = await withoutOneNames(board, destination, asked, inspection.others, options.signal);
  noteUnknown(inspection.found, options.onNote);
  // What has a name here is not gone from here, though it was not copied.
  const isSkipped = (path: string) => skipped.some((each) => `${path}/`.startsWith(`${each.path}/`));
  const keeps: Keeps = (name, kind) => {
    const path = name.normalize('NFC');
    return rules.leavesOut(path, kind) || isSkipped(path) || options.alsoKeeps?.(path, kind) === true;
  };
  return makePlan(destination, wanted, { ...inspection, others }, isExact ? keeps : undefined);
}

function placesOf(destination: string, { folders, files }: ReadFolder): Places {
  const place = (path: string) => joinPath(destination, path);
  return { folders: folders.map(place), files: files.map(({ path }) => place(path)) };
}

async function carryOut(board: FileStore, plan: SyncPlan, options: SyncOnceOptions): Promise<void> {
  const { signal } = options;
  await checkSpace(board, plan, signal);
  await board.removePaths(plan.removals, { recursive: true, signal });
  await board.makeFolders(plan.folders, { parents: true, signal });
  await writeLocalFiles(board, plan.files, options);
}

/** Whether a file went or grew between the look at it and its sending. */
function changedMeanwhile(error: unknown): boolean {
  return isUpywError(error, 'file/not-found', 'file/failed');
}
