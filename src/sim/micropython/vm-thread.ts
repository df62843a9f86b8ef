import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Activity, type SharedConsole } from './console/shared-console.js';
import { interruptWorker } from './interrupt-worker.js';
import type { WorkerStart } from './worker-messages.js';

/** What V8 may fill before it looks for garbage: a board that does nothing keeps all of it. */
const youngMb = 4;

/** Threads that wait for a board. More than a process needs at once are ended. */
const mostFree = 4;
/** How long a VM at its prompt may take to notice that it was switched off. */
const switchOffMs = 100;

const free: VmThread[] = [];

/**
 * A thread for the VM of a board. To start one takes longer than all else of a board's start, so one whose board was switched off at its prompt
 * is kept for the next.
 */
export class VmThread {
  readonly #worker: Worker;
  #onFailure: (error: Error) => void = () => undefined;

  private constructor() {
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: youngMb },
      // The VM's thread needs nothing of this process: neither its arguments nor its environment.
      argv: [],
      env: {},
    });
    this.#worker.on('error', (error: Error) => {
      this.#onFailure(error);
    });
    this.#worker.once('exit', () => {
      const place = free.indexOf(this);
      if (place !== -1) free.splice(place, 1);
    });
  }

  /** Starts a board, in a thread that it has to itself. `onFailure` hears of a failure of the VM itself, which ends the thread. */
  static run(start: WorkerStart, onFailure: (error: Error) => void): VmThread {
    const thread = free.pop() ?? new VmThread();
    thread.#onFailure = onFailure;
    thread.#worker.ref();
    thread.#worker.postMessage(
      start,
      start.hostNet === undefined ? [start.port] : [start.port, start.hostNet],
    );
    return thread;
  }

  /** Has the board look what is due, though it is busy. */
  interrupt(): Promise<void> {
    return interruptWorker(this.#worker);
  }

  /** The board has lost its power. */
  async switchOff(console: SharedConsole): Promise<void> {
    this.#onFailure = () => undefined;
    if (
      console.activity === Activity.Prompt &&
      free.length < mostFree &&
      (await this.#becomesFree(console))
    ) {
      this.#worker.unref();
      free.push(this);
    } else await this.#worker.terminate();
  }

  async #becomesFree(console: SharedConsole): Promise<boolean> {
    const signal = AbortSignal.timeout(switchOffMs);
    const told = once(this.#worker, 'message', { signal });
    console.switchOff();
    return told.then(
      () => true,
      () => false,
    );
  }
}
