import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it, vi } from 'vitest';

/**
 * A suite that needs programs nobody here wrote. They are looked for on PATH; where one is missing the suite is skipped and
 * its title says which. With UPYW_PEERS=required (as `.ci/run` has it once the peers are installed) it fails instead.
 */
export function describeWithPeers(title: string, programs: readonly string[], suite: () => void): void {
  describeWith('UPYW_PEERS', title, programs, suite);
}

/** Under Wine a process takes a second to start, several where the machine has other work. */
const windowsTimeoutMs = 180_000;

/** The same for Node.js for Windows, under Wine, and UPYW_WINDOWS. */
export function describeOnWindows(title: string, suite: () => void): void {
  describeWith('UPYW_WINDOWS', title, ['node-windows', 'com-port'], () => {
    vi.setConfig({ testTimeout: windowsTimeoutMs, hookTimeout: windowsTimeoutMs });
    suite();
  });
}

function describeWith(
  variable: 'UPYW_PEERS' | 'UPYW_WINDOWS',
  title: string,
  programs: readonly string[],
  suite: () => void,
): void {
  const missing = programs.filter((program) => findOnPath(program) === undefined);
  if (missing.length === 0) {
    describe(title, suite);
    return;
  }
  const reason = `${missing.join(' and ')} not on PATH`;
  if (process.env[variable] !== 'required') {
    describe.skip(`${title} (skipped: ${reason})`, suite);
    return;
  }
  it(title, () => {
    throw new Error(`${variable}=required, but ${reason}`);
  });
}

/** Where a program is; undefined: not on PATH. */
export function findOnPath(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
