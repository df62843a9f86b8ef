import pMap from 'p-map';
import { setImmediate as turn } from 'node:timers/promises';
import { type NamedBoards, loadBoards } from '../config/boards/load-boards.js';
import { type Once, oncePerRun } from '../once.js';
import { loadWay } from '../connecting/load-way.js';
import { type Context, createContext } from '../context.js';
import { UpywError } from '../errors.js';
import { askTargets, type Choice, type ChosenBoard, chooseBoards } from './choose-boards.js';
import { BoardReporter } from './board-reporter.js';
import { type TakenPorts, boardWorld, refuseAborted } from './board-world.js';
import type { FleetView, Outcome, Summary } from './fleet-view.js';
import type { FleetOptions } from './fleet-options.js';
import { ownFolderOf } from './own-folder.js';
import { ReportFile, failedTargets } from './report-file.js';
import { SharedInput } from './shared-input.js';
import { SharedPrompts } from './shared-prompts.js';
import { boardsInTurn } from './watch-ports.js';

/** Does a command for one board, in its own context. */
export type RunForBoard = (context: Context) => Promise<void>;

/**
 * Runs a command for many boards side by side: each gets a context of its own, with its port, its settings, its reporter and its signal. What fails
 * with one does not touch the others. Returns what came of it, with the report written. Throws what keeps all of them from starting:
 * `port/…`, `usage/…`, `config/…`, `file/…` for the report, `run/interrupted`.
 */
export async function runFleet(
  context: Context,
  run: RunForBoard,
  view: FleetView,
  options: FleetOptions,
): Promise<Summary> {
  const { world } = context;
  await loadWay(context.way);
  const report =
    options.report === undefined ? undefined : await ReportFile.prepare(world.cwd, options.report);
  const named = await loadBoards(world.cwd);
  const fleet = new Fleet(context, run, view, report);
  const choice = await choose(context, named, view, options);
  if (options.watch === true) await fleet.runInTurn(boardsInTurn(context, choice, options, view), options);
  else {
    view.chosen(choice);
    await fleet.runAll(choice, options);
  }
  const summary = fleet.summary;
  view.end(summary);
  await report?.write(summary);
  // Watching ends by Ctrl-C; anything else is broken off by it.
  const isBrokenOff =
    options.watch !== true || summary.outcomes.some(({ result }) => result === 'interrupted');
  if (world.signal.aborted && isBrokenOff) throw world.signal.reason;
  return summary;
}

async function choose(
  context: Context,
  named: NamedBoards,
  view: FleetView,
  { ports, jobs = Infinity, retryFailed, watch }: FleetOptions,
): Promise<Choice> {
  const onAsked = (asked: number, total: number) => {
    view.choosing(asked, total);
  };
  if (retryFailed !== undefined) {
    const targets = await failedTargets(context.world.cwd, retryFailed, named);
    if (targets.length === 0) view.note(`nothing has failed in ${retryFailed}`);
    return askTargets(context, { targets, others: [], named }, { jobs, onAsked });
  }
  const nothing = { boards: [], missed: [], skipped: [] };
  if (watch === true) return nothing;
  const choice = await chooseBoards(context, ports, { jobs, onAsked });
  if (choice.boards.length + choice.missed.length > 0) return choice;
  throw new UpywError('port/none', { others: choice.skipped.map(({ port }) => port) });
}

/** The boards of one run. */
class Fleet {
  readonly #context: Context;
  readonly #run: RunForBoard;
  readonly #view: FleetView;
  readonly #report: ReportFile | undefined;
  readonly #prompts: SharedPrompts;
  readonly #input: SharedInput;
  readonly #taken: TakenPorts = new Map();
  readonly #startedMs: number;
  readonly #outcomes: Outcome[] = [];
  #skipped: Choice['skipped'] = [];
  #count = 0;
  /** Boards begin one behind the other, so that those at work are heard between. */
  #turns: Promise<void> = Promise.resolve();

  constructor(context: Context, run: RunForBoard, view: FleetView, report: ReportFile | undefined) {
    const { prompts, stdin, now } = context.world;
    this.#context = context;
    this.#run = run;
    this.#view = view;
    this.#report = report;
    this.#prompts = new SharedPrompts(
      prompts,
      (ask) => view.whileAsking(ask),
      () => this.#count,
    );
    this.#input = new SharedInput(stdin);
    this.#startedMs = now();
  }

  get summary(): Summary {
    const durationMs = this.#context.world.now() - this.#startedMs;
    return { outcomes: this.#outcomes, skipped: this.#skipped, durationMs };
  }

  async runAll(choice: Choice, { jobs = Infinity }: FleetOptions): Promise<void> {
    this.#take(choice);
    const once = oncePerRun();
    await pMap(choice.boards, (board) => this.#runBoard(board, once), {
      concurrency: jobs,
      stopOnError: false,
    });
    const places = new Map(choice.boards.map((board, place) => [board.label, place]));
    this.#outcomes.sort(
      (a, b) => (places.get(a.board.label) ?? Infinity) - (places.get(b.board.label) ?? Infinity),
    );
  }

  /** As they come. The report has each of them as soon as it is done. */
  async runInTurn(choices: AsyncIterable<Choice>, { jobs = Infinity }: FleetOptions): Promise<void> {
    const running = new Set<Promise<void>>();
    for await (const choice of choices) {
      this.#view.chosen(choice);
      this.#take(choice);
      const once = oncePerRun();
      for (const board of choice.boards) {
        const work = this.#runBoard(board, once).then(async () => {
          running.delete(work);
          await this.#report?.write(this.summary);
        });
        running.add(work);
        if (running.size >= jobs) await Promise.race(running);
      }
    }
    await Promise.all(running);
  }

  #take({ boards, missed, skipped }: Choice): void {
    this.#count = boards.length;
    this.#skipped = [...this.#skipped, ...skipped];
    for (const board of boards) this.#taken.set(board, board.port);
    for (const { error, ...board } of missed)
      this.#outcomes.push({ board, result: 'failed', error, durationMs: 0 });
  }

  async #runBoard(board: ChosenBoard, once: Once): Promise<void> {
    const { now, signal } = this.#context.world;
    this.#turns = this.#turns.then(() => turn());
    await this.#turns;
    const startedMs = now();
    this.#view.tell(board, { kind: 'started' });
    let ended: Pick<Outcome, 'result' | 'error'> = { result: 'ok' };
    try {
      refuseAborted(signal);
      await this.#run(this.#contextFor(board, once));
    } catch (error) {
      ended = { result: signal.aborted ? 'interrupted' : 'failed', error };
    }
    const port = this.#taken.get(board) ?? board.port;
    const outcome = { board: { ...board, port }, ...ended, durationMs: now() - startedMs };
    this.#outcomes.push(outcome);
    this.#view.tell(board, { kind: 'ended', outcome });
  }

  #contextFor(board: ChosenBoard, once: Once): Context {
    const { flags, way, world } = this.#context;
    const reporter = new BoardReporter((event) => {
      this.#view.tell(board, event);
    }, world.now);
    const parts = {
      stdin: this.#input.forBoard(),
      prompts: this.#prompts.forBoard(),
      signal: world.signal,
    };
    const own = boardWorld({ context: this.#context, taken: this.#taken }, board, parts);
    const settings = { ...flags.settings, port: board.port };
    return createContext(
      own,
      reporter,
      { ...flags, ports: [board.port], settings },
      { way, mac: board.mac, once, oneOf: { board, count: this.#count, folder: ownFolderOf(board) } },
    );
  }
}
