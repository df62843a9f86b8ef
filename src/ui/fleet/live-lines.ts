import type { ChalkInstance } from 'chalk';
import type { createLogUpdate } from 'log-update';
import type { Output } from '../../world.js';
import { formatDuration } from '../format.js';
import { type BoardState, boardLine, cut, fittingLines } from './board-line.js';

type LogUpdateMethods = ReturnType<typeof createLogUpdate>;

const redrawMs = 100;
const usualRows = 24;
const usualColumns = 80;

interface Parts {
  readonly stream: Output;
  readonly now: () => number;
  readonly chalk: ChalkInstance | undefined;
}

/** The lines at the bottom of a terminal that move: one for each board as far as they fit, and one for all. */
export class LiveLines {
  readonly #parts: Parts;
  readonly #states = new Map<string, BoardState>();
  readonly #startedMs: number;
  readonly #draw: LogUpdateMethods;
  #timer: NodeJS.Timeout | undefined;
  #isHeld = false;

  private constructor(parts: Parts, draw: LogUpdateMethods) {
    this.#parts = parts;
    this.#draw = draw;
    this.#startedMs = parts.now();
  }

  static async start(parts: Parts): Promise<LiveLines> {
    const { createLogUpdate } = await import('log-update');
    const { stream } = parts;
    // It only writes, and asks how large the window is.
    const target = stream as unknown as NodeJS.WriteStream;
    return new LiveLines(parts, createLogUpdate(target, { showCursor: true }));
  }

  set(key: string, state: BoardState): void {
    this.#states.set(key, state);
    if (this.#timer === undefined && !this.#isHeld) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.redraw();
      }, redrawMs);
      this.#timer.unref();
    }
  }

  get(key: string): BoardState | undefined {
    return this.#states.get(key);
  }

  /** Takes the lines away, has something written that stays, and puts them below it. */
  above(write: () => void): void {
    this.#draw.clear();
    write();
    this.redraw();
  }

  /** Nothing moves from here until `release`. */
  hold(): void {
    this.#isHeld = true;
    this.#stopTimer();
    this.#draw.clear();
  }

  release(): void {
    this.#isHeld = false;
    this.redraw();
  }

  /** Takes them away for good. */
  end(): void {
    this.#isHeld = true;
    this.#stopTimer();
    this.#draw.clear();
    this.#draw.done();
  }

  redraw(): void {
    if (this.#isHeld || this.#states.size === 0) return;
    this.#draw(this.#lines().join('\n'));
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #lines(): string[] {
    const { stream, chalk } = this.#parts;
    const { rows = usualRows, columns = usualColumns } = stream;
    const states = [...this.#states.values()];
    // The line for all, and the one that the cursor needs.
    const shown = fittingLines(states, rows - 2);
    const labelWidth = Math.max(...states.map(({ label }) => label.length));
    const lines = shown.map((state) => boardLine(state, { labelWidth, columns, chalk }));
    return [...lines, cut(this.#forAll(states, states.length - shown.length), columns - 1)];
  }

  #forAll(states: readonly BoardState[], hidden: number): string {
    const count = (phase: BoardState['phase']) => states.filter((state) => state.phase === phase).length;
    const failed = count('failed');
    const parts = [
      `${count('ok')} of ${states.length} done`,
      failed > 0 ? `${failed} failed` : '',
      `${count('at work')} at work`,
      hidden > 0 ? `${hidden} not shown` : '',
      formatDuration(this.#parts.now() - this.#startedMs),
    ];
    return parts.filter((part) => part !== '').join(', ');
  }
}
