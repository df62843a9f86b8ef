import type { Context } from '../../../context.js';
import { UpywError, isConnectionError, isOfFamily, isUpywError } from '../../../errors.js';
import type { Port } from '../../../transport/port.js';
import { identityOf, noFolder } from '../../../local/local-files.js';
import { openAgain, openChosenPort, withBoard } from '../../../connecting/open-board.js';
import { pause } from '../../../pause.js';
import { tellSkipped } from '../../../ui/tell-skipped.js';
import { FolderWatch } from '../../../local/folder-watch.js';
import type { SyncPlan } from '../../../copying/sync-plan.js';
import { type ReadFolder, readWanted } from '../../../copying/read-wanted.js';
import { hasWork, resultOf, summary } from './report.js';
import { syncBoard } from './sync-board.js';
import { syncOptions } from './sync-options.js';
import type { SyncJob, SyncOnceOptions } from '../../../copying/sync-once.js';

/** How often a board that is gone, or used by another program, is looked for. */
const lookAgainMs = 500;
/** How often a folder that could not be read is read again: no change need tell when it can. */
const readAgainMs = 2_000;

/**
 * Syncs, and again after every change, until Ctrl-C. Between times the port is free for others. A board that goes away is
 * waited for, and so is the folder; another failure is told, and the next change may mend it. The first time, each ends the command.
 */
export async function syncAndWatch(context: Context, job: SyncJob): Promise<void> {
  const { reporter, world } = context;
  const rounds = new Rounds(context, job);
  reporter.goesOn();
  const read = await readWanted(job.root, job);
  tellSkipped(reporter, read.skipped);
  const watch = await FolderWatch.start(job.root, read.rules);
  try {
    // Read anew: now nothing that changes goes unnoticed any more.
    const plan = await rounds.sync(await readWanted(job.root, job));
    reporter.info(summary(plan, false));
    reporter.result(resultOf(job, plan, false));
    reporter.info(`Watching ${job.root} for changes. Ctrl-C ends`);
    for (;;) {
      const isBlind = rounds.isBlind || watch.isBlind;
      await watch.next(world.signal, isBlind ? readAgainMs : Infinity);
      if (world.signal.aborted) return;
      const rules = await rounds.again();
      if (rules !== undefined) await watch.follow(rules, isBlind);
    }
  } finally {
    await watch.close();
  }
}

/** One sync after the other, on the same board. */
class Rounds {
  readonly #context: Context;
  readonly #job: SyncJob;
  #port: Port | undefined;
  /** What was here when board and folder were the same. */
  #synced = '';
  #isGone = false;
  /** Why something here could not be read, as it was told last. */
  #trouble: string | undefined;
  /** All that has ever been here: only of that anything is removed later, since only that is known to be gone on purpose. */
  readonly #known = new Set<string>();

  constructor(context: Context, job: SyncJob) {
    this.#context = context;
    this.#job = job;
  }

  async sync(read: ReadFolder, later: Partial<SyncOnceOptions> = {}): Promise<SyncPlan> {
    for (const path of [...read.folders, ...read.files.map((file) => file.path)]) this.#known.add(path);
    const open = async () => {
      const { signal } = this.#context.world;
      const last = this.#port;
      this.#port = await (last === undefined
        ? openChosenPort(this.#context)
        : openAgain(this.#context, last, signal));
      return this.#port;
    };
    const options = { ...syncOptions(this.#context), ...later };
    const plan = await withBoard(
      this.#context,
      (board) => syncBoard(this.#context, { store: board, board }, this.#job, read, options),
      {
        open,
        turbo: this.#job.turbo,
      },
    );
    this.#synced = fingerprint(read);
    return plan;
  }

  /** Whether something here could not be read: perhaps its changes are not seen either. */
  get isBlind(): boolean {
    return this.#trouble !== undefined;
  }

  /**
   * After a change here: until the board is there and has it. Returns the rules in force now, undefined where they cannot be
   * read. Throws `run/interrupted`, and what is a bug.
   */
  async again(): Promise<ReadFolder['rules'] | undefined> {
    const { reporter, world } = this.#context;
    let isWaiting = false;
    let rules: ReadFolder['rules'] | undefined;
    for (;;) {
      try {
        const read = await readWanted(this.#job.root, this.#job);
        if (this.#isGone) reporter.info(`${this.#job.root} is back`);
        this.#isGone = false;
        rules = read.rules;
        if (fingerprint(read) !== this.#synced) {
          const plan = await this.sync(read, this.#laterOptions());
          if (hasWork(plan)) {
            reporter.info(summary(plan, false));
            reporter.result(resultOf(this.#job, plan, false));
          }
        }
        this.#trouble = undefined;
        return rules;
      } catch (error) {
        if (!(error instanceof UpywError) || world.signal.aborted) throw error;
        // A folder that is not there is not an empty one: what is on the board stays.
        if ((await identityOf(this.#job.root)) === undefined) {
          this.#tellGone();
          return undefined;
        }
        this.#isGone = false;
        if (isOfFamily(error, 'file')) {
          if (error.message !== this.#trouble) reporter.interimFailure(error);
          this.#trouble = error.message;
          return undefined;
        }
        this.#trouble = undefined;
        if (!isConnectionError(error)) {
          reporter.interimFailure(error as UpywError);
          return rules;
        }
        // The bytes heard last tell nobody anything about a transfer.
        const why = isUpywError(error, 'port/lost') ? 'the connection was lost' : error.message;
        const text = `${why}; waiting for the board. Ctrl-C ends`;
        if (!isWaiting) reporter.interimFailure(error, text);
        isWaiting = true;
        await pause(lookAgainMs, world.signal);
      }
    }
  }

  #tellGone(): void {
    const { root } = this.#job;
    const text = `the folder ${root} is gone; waiting until it is back. Ctrl-C ends`;
    if (!this.#isGone) this.#context.reporter.interimFailure(noFolder(root, undefined), text);
    this.#isGone = true;
    this.#trouble = undefined;
  }

  /** Nobody is asked in the middle of his work; so only what was here before is removed, unless all of it was agreed to. */
  #laterOptions(): Partial<SyncOnceOptions> {
    const beforeRemoval = undefined;
    if (this.#context.flags.yes) return { beforeRemoval };
    return { beforeRemoval, alsoKeeps: (path) => !this.#known.has(path) };
  }
}

function fingerprint({ folders, files }: ReadFolder): string {
  return JSON.stringify([folders, files.map(({ path, sha256 }) => [path, sha256])]);
}
