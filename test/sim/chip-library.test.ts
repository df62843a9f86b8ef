import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Board, Chip, openPort } from 'upyw';
import { buildStandIn } from '../../src/sim/chip/stand-in.js';
import { ReplClient } from '../support/repl-client.js';
import { Workplace } from '../support/virtual-board.js';

describe('the library, on a whole chip', () => {
  let here: Workplace;
  let folder: string;
  beforeAll(async () => {
    here = await Workplace.open({ inTest: true });
    folder = await mkdtemp(join(tmpdir(), 'upyw-chip-'));
  });
  afterAll(async () => {
    await here.close();
    await rm(folder, { recursive: true });
  });

  test('flashes, verifies, copies, erases, restores', async () => {
    const firmware = join(folder, 'firmware.bin');
    await writeFile(firmware, buildStandIn({ seed: 3 }));
    const copy = join(folder, 'copy.bin');
    const phases = new Set<string>();
    const port = await openPort('sim:chip?unpaced');
    try {
      const chip = await Chip.connect(port);
      expect(chip.identity).toMatchObject({ name: 'ESP32', lock: undefined });
      expect(chip.flash.sizeBytes).toBe(0x400000);
      expect(chip.description.crystalMhz).toBe(40);
      const result = await chip.flashFirmware(firmware, { onProgress: (phase) => phases.add(phase) });
      expect(result.writtenBytes).toBeGreaterThan(100_000);
      expect([...phases]).toEqual(
        ['compare', 'erase', 'write', 'verify'].filter((phase) => phases.has(phase)),
      );
      await chip.verify(firmware);
      const backup = await chip.backup(copy);
      expect((await readFile(copy)).length).toBe(backup.sizeBytes);
      await chip.erase();
      await expect(chip.verify(firmware)).rejects.toMatchObject({ code: 'loader/differs' });
      expect((await chip.contents()).bootloader).toBe(false);
      await chip.restore(copy);
      expect((await chip.contents()).app?.micropython?.version).toBe('1.27.0');
      await chip.disconnect();
      const board = await Board.connect(port);
      expect(await board.evaluate('1 + 1')).toBe('2');
      await board.disconnect();
    } finally {
      await port.close();
    }
  });

  test('leaves an empty line at the prompt of a board that does not enter its loader', async () => {
    const port = await openPort('sim:prompt?unpaced&fault=no-auto-reset');
    try {
      const repl = new ReplClient(port);
      await repl.ask('\r', '>>> ');
      await expect(Chip.connect(port)).rejects.toMatchObject({ code: 'loader/no-sync' });
      repl.listener.said = '';
      expect(await repl.ask('6 * 7\r', '42\r\n>>> ')).not.toContain('Error');
    } finally {
      await port.close();
    }
  });
});
