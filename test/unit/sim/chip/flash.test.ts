import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFilesRegion } from '../../../../src/sim/chip/files-region.js';
import { openFlashFile } from '../../../../src/sim/chip/flash-file.js';
import { NorFlash } from '../../../../src/sim/chip/flash.js';
import { buildPartitionTable, type Partition } from '../../../../src/sim/chip/partition-table.js';
import { eraseTimeMs, programTimeMs } from '../../../../src/sim/chip/timing.js';

describe('NorFlash', () => {
  it('clears bits when programming and sets them when erasing', () => {
    const flash = new NorFlash();
    flash.program(0x1000, Uint8Array.of(0xf0, 0xff));
    flash.program(0x1000, Uint8Array.of(0x3c, 0x00));
    expect(flash.read(0x1000, 3)).toEqual(Uint8Array.of(0x30, 0x00, 0xff));
    flash.erase(0x1000, 0x1000);
    expect(flash.read(0x1000, 3)).toEqual(Uint8Array.of(0xff, 0xff, 0xff));
  });

  it('refuses what the chip has not', () => {
    const flash = new NorFlash();
    expect(() => flash.read(0x3fffff, 2)).toThrow(RangeError);
    expect(() => {
      flash.program(0x400000, Uint8Array.of(0));
    }).toThrow(RangeError);
    expect(() => {
      flash.erase(0x800, 0x1000);
    }).toThrow(RangeError);
  });
});

describe('the place of the files', () => {
  const row = (label: string, type: number, offset: number, sizeBytes: number): Partition => {
    return { label, type, subtype: 0x81, offset, sizeBytes };
  };
  const app = row('factory', 0, 0x10000, 0x1f0000);
  const vfs = row('vfs', 1, 0x300000, 0x100000);
  const ffat = row('ffat', 1, 0x200000, 0x100000);

  it.each([
    ['the row vfs', [app, ffat, vfs], 0x300000, 0x100000],
    ['else the row ffat', [app, ffat], 0x200000, 0x100000],
    ['else what is behind all rows', [vfs, app].map((each) => ({ ...each, label: 'x' })), undefined, 0],
    [
      'also where the last row is not the last of the table',
      [row('x', 1, 0x200000, 0x1000), app],
      0x201000,
      0x1ff000,
    ],
    ['also where that is more', [app], 0x200000, 0x200000],
    [
      'and no place where the row ends outside of the chip',
      [app, { ...vfs, sizeBytes: 0x200000 }],
      undefined,
      0,
    ],
  ])('is %s', (name, table, offset, sizeBytes) => {
    const kind = name.endsWith('ffat') ? 'fat' : 'littlefs';
    const flash = new NorFlash();
    flash.program(0x8000, buildPartitionTable(table));
    expect(findFilesRegion(flash)).toEqual(offset === undefined ? undefined : { kind, offset, sizeBytes });
  });

  it('is nowhere without a table, or with a damaged one', () => {
    const flash = new NorFlash();
    expect(findFilesRegion(flash)).toBeUndefined();
    flash.program(0x8000, buildPartitionTable([app]));
    flash.program(0x8004, Uint8Array.of(0, 0, 0, 0));
    expect(findFilesRegion(flash)).toBeUndefined();
  });
});

describe('the chip times', () => {
  it('counts whole pages, and blocks where they fit', () => {
    expect(programTimeMs(0xff, 2)).toBeCloseTo(1.2);
    expect(programTimeMs(0, 4096)).toBeCloseTo(9.6);
    expect(eraseTimeMs(0xf000, 0x12000)).toBe(45 + 150 + 45);
  });
});

describe('a flash kept in a file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'upyw-flash-'));
    path = join(folder, 'flash.bin');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is a plain dump that ends with the last programmed sector', () => {
    const flash = openFlashFile(path);
    expect(statSync(path).size).toBe(0);
    flash.program(0x2010, Uint8Array.of(1, 2, 3));
    const dump = new Uint8Array(readFileSync(path));
    expect(dump.length).toBe(0x3000);
    expect(Buffer.compare(dump, flash.read(0, 0x3000))).toBe(0);
    flash.program(0x1ff000, Uint8Array.of(4));
    flash.erase(0x1ff000, 0x1000);
    expect(statSync(path).size).toBe(0x1ff000);
    flash.erase(0, flash.sizeBytes);
    expect(statSync(path).size).toBe(0);
    flash.close();
  });

  it('has everything in the file before it is closed, as a killed process leaves it', () => {
    const flash = openFlashFile(path);
    flash.program(0x3ffffe, Uint8Array.of(7, 8));
    flash.program(0x10000, Uint8Array.of(9));
    flash.erase(0x10000, 0x10000);
    const again = openFlashFile(path);
    expect(Buffer.compare(again.read(0, again.sizeBytes), flash.read(0, flash.sizeBytes))).toBe(0);
    again.close();
    flash.close();
  });

  it('says which file cannot be used', () => {
    expect(() => openFlashFile(folder)).toThrow(expect.objectContaining({ code: 'sim/state' }));
    writeFileSync(path, new Uint8Array(0x400001));
    expect(() => openFlashFile(path)).toThrow(expect.objectContaining({ code: 'sim/state' }));
  });
});
