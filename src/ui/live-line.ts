import type { Ora } from 'ora';
import type { Output } from '../world.js';

/** Below this nothing moves on the screen: what takes less than a second needs no bar. */
const showAfterMs = 1000;

/**
 * The one line at the bottom of the terminal that moves: a spinner with a text. It appears only once the work takes
 * longer than a second, and `ora` is loaded only then.
 */
export class LiveLine {
  #text = '';
  #timer: NodeJS.Timeout | undefined;
  #spinner: Ora | undefined;
  #active = false;

  constructor(
    private readonly stream: Output,
    private readonly color: boolean,
  ) {}

  start(text: string): void {
    this.stop();
    this.#text = text;
    this.#active = true;
    this.#timer = setTimeout(() => void this.#show(), showAfterMs);
    this.#timer.unref();
  }

  set(text: string): void {
    this.#text = text;
    if (this.#spinner !== undefined) this.#spinner.text = text;
  }

  stop(): void {
    this.#active = false;
    clearTimeout(this.#timer);
    this.#spinner?.stop();
    this.#spinner = undefined;
  }

  async #show(): Promise<void> {
    const { default: ora } = await import('ora');
    if (!this.#active || this.#spinner !== undefined) return;
    // Without `discardStdin: false` ora would take Ctrl-C and what is typed ahead away from us.
    const options = { text: this.#text, stream: this.stream, discardStdin: false };
    this.#spinner = ora({ ...options, color: this.color ? 'cyan' : false }).start();
  }
}
