import { isRetryable } from '../../errors.js';
import { exceptionTypeOf } from '../../rawrepl/board-exception.js';
import type { BoardSession } from '../board-session.js';
import { isNoException, wasGarbled } from '../helpers/device-code.js';

/** How often the same way is tried again without getting any further, before the plainer way is. */
const attempts = 2;

/** What is worth another try after a failure: the same way where the line was to blame, then the plainer way. */
export class Retry {
  readonly #session: BoardSession;
  #progress = 0;
  #failures = 0;

  constructor(session: BoardSession) {
    this.#session = session;
  }

  /** Whether to go on, perhaps another way, which the session then says. `progress` grows when less is left to do. */
  helps(error: unknown, progress: number): boolean {
    if (!this.#session.repl.isAtPrompt) return false;
    if (progress > this.#progress) this.#failures = 0;
    this.#progress = Math.max(progress, this.#progress);
    if (wasTheLine(error) && this.#failures < attempts) {
      this.#failures += 1;
      this.#note(`${reasonOf(error)}; once more`);
      return true;
    }
    this.#failures = 0;
    return isAboutTheWay(error) && this.#choosePlainer(error);
  }

  #choosePlainer(error: unknown): boolean {
    const session = this.#session;
    if (!session.rawBytes) {
      if (!session.base64 || !lacks(error)) return false;
      session.base64 = false;
      this.#note(`${reasonOf(error)}; files go as Python literals from here on`);
      return true;
    }
    if (session.compresses && exceptionTypeOf(error) === 'MemoryError') {
      session.compresses = false;
      this.#note(`${reasonOf(error)}; files go uncompressed from here on`);
      return true;
    }
    session.rawBytes = false;
    this.#note(`${reasonOf(error)}; files go as base64 from here on`);
    return true;
  }

  #note(text: string): void {
    this.#session.onNote?.(text);
  }
}

/** Bytes were lost or garbled, or the board restarted: the next time it may go well. */
export function wasTheLine(error: unknown): boolean {
  return (
    wasGarbled(error) ||
    isNoException(error) ||
    ['EOFError', 'ValueError'].includes(exceptionTypeOf(error) ?? '') ||
    isRetryable(error)
  );
}

/**
 * Whether the plainer way may still work: the firmware lacks something, its RAM is short, or the line garbles raw bytes.
 * About a file, the programs on the board raise an OSError; any other exception is about the way.
 */
function isAboutTheWay(error: unknown): boolean {
  return wasTheLine(error) || (exceptionTypeOf(error) ?? 'OSError') !== 'OSError';
}

/** Whether the firmware has no such module, or not all of it. */
function lacks(error: unknown): boolean {
  return /^(?:Import|Attribute)Error$/.test(exceptionTypeOf(error) ?? '');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
