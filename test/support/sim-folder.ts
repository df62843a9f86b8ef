import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** Gives the tests of this file virtual boards of their own. @returns the folder, known once the tests run */
export function useSimFolder(): () => string {
  let folder = '';
  const before = process.env['UPYW_SIM_DIR'];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'upyw-boards-'));
    process.env['UPYW_SIM_DIR'] = folder;
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, maxRetries: 10 });
    if (before === undefined) delete process.env['UPYW_SIM_DIR'];
    else process.env['UPYW_SIM_DIR'] = before;
  });
  return () => folder;
}
