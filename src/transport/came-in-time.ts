import { isUpywError } from '../errors.js';

/** Whether what a reader waits for came: silence and `false` are no. Throws whatever else goes wrong. */
export async function cameInTime(waiting: Promise<unknown>): Promise<boolean> {
  try {
    return (await waiting) !== false;
  } catch (error) {
    if (isUpywError(error, 'port/silent')) return false;
    throw error;
  }
}
