import { Buffer } from 'node:buffer';
import { nameBatches } from './batches.js';
import type { BoardSession, OperationOptions } from './board-session.js';
import { runHelper } from './helpers/run-helper.js';

/**
 * Runs a helper that tells at its end, or before it raises, how many of the paths are done, behind a 0x02; or behind a 0x01 how many it
 * looked at before it met one that it cannot do, and did none.
 */
export async function changePaths(
  session: BoardSession,
  paths: readonly string[],
  call: (batch: readonly string[]) => Promise<string>,
  { signal }: OperationOptions,
  errorAt: (error: unknown, path: string, isUntouched: boolean) => unknown,
): Promise<void> {
  let isUntouched = true;
  for (const batch of nameBatches(paths, (path) => path)) {
    const printed: Uint8Array[] = [];
    const onOutput = (bytes: Uint8Array) => void printed.push(bytes);
    const count = (sign: string) => countBehind(sign, new TextDecoder().decode(Buffer.concat(printed)));
    try {
      await runHelper(session, await call(batch), { signal, onOutput });
    } catch (error) {
      const lookedAt = count('\x01');
      throw errorAt(
        error,
        batch[lookedAt ?? count(doneSign) ?? NaN] ?? '',
        isUntouched && lookedAt !== undefined,
      );
    }
    if (count(doneSign) !== batch.length) throw session.repl.nonsense('how many are done');
    isUntouched = false;
  }
}

export const doneSign = '\x02';

/** The number behind the last such sign of what a helper printed; undefined where none arrived. */
export function countBehind(sign: string, printed: string): number | undefined {
  const at = printed.lastIndexOf(sign);
  return at < 0 ? undefined : parseInt(printed.slice(at + 1), 10);
}
