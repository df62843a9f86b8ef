import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockHolder, takeLock, type BoardLock } from '../../../../src/sim/state/board-lock.js';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upyw-lock-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const bootedAtS = Math.round(Date.now() / 1000 - uptime());

function writeLock(holder: object): void {
  writeFileSync(join(folder, 'lock.json'), JSON.stringify(holder));
}

describe('the lock of a board', () => {
  it('is had by one at a time', () => {
    const first = takeLock(folder) as BoardLock;
    expect(takeLock(folder)).toMatchObject({ pid: process.pid });
    first.release();
    expect(takeLock(folder)).toHaveProperty('release');
  });

  it('is taken over from a process that is gone', () => {
    writeLock({ pid: 2 ** 22 + 1, bootedAtS });
    expect(lockHolder(folder)).toBeUndefined();
    expect(takeLock(folder)).toHaveProperty('release');
  });

  it('is taken over after the computer was restarted, whoever has the number now', () => {
    writeLock({ pid: process.pid, bootedAtS: bootedAtS - 86_400 });
    expect(takeLock(folder)).toHaveProperty('release');
  });

  it('is taken over when it was never written to its end', () => {
    writeFileSync(join(folder, 'lock.json'), '{"pid":');
    expect(takeLock(folder)).toHaveProperty('release');
    expect(JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8'))).toMatchObject({ pid: process.pid });
  });
});
