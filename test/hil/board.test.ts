import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Port } from 'upyw';
import { Board, openPort } from 'upyw';
import { boardContract } from '../support/board-contract.js';
import { startUpyw } from '../support/upyw.js';

const name = process.env['UPYW_TEST_PORT'];
/** Whether the board was found without files of somebody else; what is on it from then on is ours to remove. */
let isOurs = false;
let port: Port | undefined;

async function connect(portName: string): Promise<Board> {
  port = await openPort(portName);
  const board = await Board.connect(port);
  const entries = (await board.list('/')).filter((entry) => entry.name !== 'boot.py');
  if (!isOurs && entries.length > 0) {
    throw new Error(
      `the board on ${portName} has files; these tests need one without, and would remove them`,
    );
  }
  isOurs = true;
  for (const entry of entries) await board.remove(`/${entry.name}`, { recursive: true });
  return board;
}

async function release(): Promise<void> {
  await port?.close();
  port = undefined;
}

if (name === undefined) {
  describe('a real board', () => {
    it.skip('is not tested: UPYW_TEST_PORT names none', () => undefined);
  });
} else {
  // As 'virtual': filling a real flash to the last block takes minutes, and the peers' littlefs is tested so already.
  boardContract(`the board on ${name}`, () => ({
    connect: () => connect(name),
    release,
    fileSystem: 'virtual',
  }));
  reachedByItsLines(name);
}

/** What only a real port has: its lines, and a way in which it opens and closes. */
function reachedByItsLines(portName: string): void {
  const home = mkdtempSync(join(tmpdir(), 'upyw-hil-'));
  const upyw = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await startUpyw(home, [...args, '-p', portName], {
      env: boardsOf(process.env['UPYW_SIM_DIR']),
    });
    expect(exitCode, stderr).toBe(0);
    return stdout;
  };

  describe(`the port ${portName}`, { timeout: 60_000 }, () => {
    it('opens and closes without a reset', async () => {
      await upyw('exec', 'kept = 41');
      expect(await upyw('eval', 'kept + 1')).toBe('42\n');
    });

    it('resets the board by its lines', async () => {
      await upyw('exec', 'kept = 41');
      await upyw('reset', '--hard');
      expect(await upyw('eval', "'kept' in globals()")).toBe('False\n');
    });

    it('gets the chip into its loader and out again', async () => {
      const { chip } = JSON.parse(await upyw('chip', '--json')) as { chip: { name: string } };
      expect(chip.name).toMatch(/^ESP32/);
      expect(await upyw('eval', '6 * 7')).toBe('42\n');
    });
  });
}

/** Where virtual boards are, for a trial of this suite on one. */
function boardsOf(folder: string | undefined): Record<string, string> {
  return folder === undefined ? {} : { UPYW_SIM_DIR: folder };
}
