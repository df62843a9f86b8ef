import { rename } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { UpywError } from '../errors.js';
import { errorCode } from '../errors/local-error.js';

/** A virus scanner or an indexer looks at a file for a moment when it has been written. */
const tryForMs = 2000;
const tryAgainMs = 25;
/** What Windows says while another program has one of the two open. */
const heldCodes = new Set(['EPERM', 'EACCES', 'EBUSY']);

/**
 * Gives a finished file its name, in one step, in place of what had it. Windows refuses that as long as another program has either of
 * the two open, and tells nobody when it lets go: so it is tried again for two seconds. Throws the system's error, or `file/failed`.
 */
export async function takePlace(
  from: string,
  to: string,
  system: { platform: NodeJS.Platform; rename: typeof rename } = { platform: process.platform, rename },
): Promise<void> {
  const deadline = performance.now() + tryForMs;
  for (;;) {
    try {
      await system.rename(from, to);
      return;
    } catch (error) {
      if (system.platform !== 'win32' || !heldCodes.has(errorCode(error) ?? '')) throw error;
      if (performance.now() > deadline) {
        const reason = 'it cannot be replaced, since another program has it open or it is read-only';
        throw new UpywError('file/failed', { path: to, reason }, { cause: error });
      }
      await pause(tryAgainMs);
    }
  }
}
