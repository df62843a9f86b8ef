import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { TerminalWriter } from '../../../../src/sim/serve/terminal-writer.js';
import { testWith } from '../../../support/systems.js';

/** More than the writer's kernel buffer and many pieces of a board's output hold. */
const sizeBytes = 300_000;
const pieceBytes = 1000;

testWith('named pipes', 'a reader who is slow, but reads, gets everything', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'upyw-fifo-'));
  const path = join(folder, 'terminal');
  execFileSync('mkfifo', [path]);
  const file = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const writer = new TerminalWriter(file);
  try {
    for (let at = 0; at < sizeBytes; at += pieceBytes)
      writer.write(new Uint8Array(pieceBytes).fill(at / pieceBytes));
    let read = 0;
    const piece = new Uint8Array(8 * pieceBytes);
    while (read < sizeBytes) {
      try {
        read += readSync(file, piece);
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('EAGAIN');
        await sleep(1);
      }
    }
    expect(read).toBe(sizeBytes);
  } finally {
    writer.close();
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
});
