import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';

/**
 * A suite that needs programs nobody here wrote. They are looked for on PATH; where one is missing the suite is skipped and
 * its title says which. With UPYW_PEERS=required (as `.ci/run` has it once the peers are installed) it fails instead.
 */
export function describeWithPeers(title: string, programs: readonly string[], suite: () => void): void {
  const missing = programs.filter((program) => !isOnPath(program));
  if (missing.length === 0) {
    describe(title, suite);
    return;
  }
  const reason = `${missing.join(' and ')} not on PATH`;
  if (process.env['UPYW_PEERS'] !== 'required') {
    describe.skip(`${title} (skipped: ${reason})`, suite);
    return;
  }
  it(title, () => {
    throw new Error(`UPYW_PEERS=required, but ${reason}`);
  });
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
