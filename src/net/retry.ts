import { isRetryable, isUpywError } from '../errors.js';
import { pause } from '../pause.js';

/** How often, and after how long, what may go well the next time is tried again. */
export interface RetryPlan {
  /** Before the second attempt, the third, …, in milliseconds. */
  readonly pausesMs: readonly number[];
  /** A server that asks for a longer wait than this is told to the user. */
  readonly longestWaitMs: number;
}

export const usualRetries: RetryPlan = { pausesMs: [300, 1000, 3000], longestWaitMs: 20_000 };

/**
 * Works, and works again after what may go well the next time. As long as attempts get further, they are not counted.
 * @param progress how far it is; what begins anew each time gets no further
 */
export async function withRetries<Result>(
  plan: RetryPlan,
  signal: AbortSignal,
  work: () => Promise<Result>,
  progress: () => number = () => 0,
): Promise<Result> {
  let failures = 0;
  for (let reached = progress(); ;) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (progress() > reached) failures = 0;
      reached = Math.max(reached, progress());
      const pauseMs = plan.pausesMs[failures];
      const askedMs = isUpywError(error, 'net/too-many-requests') ? (error.details.retryAfterMs ?? 0) : 0;
      if (!isRetryable(error) || pauseMs === undefined || askedMs > plan.longestWaitMs) throw error;
      failures += 1;
      await pause(Math.max(pauseMs, askedMs), signal);
      signal.throwIfAborted();
    }
  }
}
