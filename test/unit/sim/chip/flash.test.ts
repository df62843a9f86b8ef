import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFlashFile } from '../../../../src/sim/chip/flash-file.js';
import { NorFlash } from '../../../../src/sim/chip/flash.js';
import { buildPartitionTable } from '../../../../src/sim/chip/partition-table.js';
import { eraseTimeMs, programTimeMs } from '../../../../src/sim/chip/timing.js';

const vfs = { label: 'vfs', type: 1, subtype: 0x81, offset: 0x200000, sizeBytes: 0x200000 };

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

  it('finds a partition by the table at 0x8000, and none when the table is damaged', () => {
    const flash = new NorFlash();
    expect(flash.partition('vfs')).toBeUndefined();
    flash.program(0x8000, buildPartitionTable([vfs]));
    expect(flash.partition('vfs')).toEqual({ offset: 0x200000, sizeBytes: 0x200000 });
    expect(flash.partition('nvs')).toBeUndefined();
    flash.program(0x8004, Uint8Array.of(0, 0, 0, 0));
    expect(flash.partition('vfs')).toBeUndefined();
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
