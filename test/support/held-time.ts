import { setImmediate as nextTurn } from 'node:timers/promises';
import { vi } from 'vitest';

/** From here on time passes as the test has it, by `pass`. */
export function holdTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
}

export async function pass(timeMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < timeMs; passedMs += 10) {
    await vi.advanceTimersByTimeAsync(10);
    // The board's turn.
    await nextTurn();
  }
}
