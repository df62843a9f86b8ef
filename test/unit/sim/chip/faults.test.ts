import { describe, expect, it } from 'vitest';
import { knownFaults, parseFaults } from '../../../../src/sim/chip/faults.js';
import { NorFlash } from '../../../../src/sim/chip/flash.js';
import { withFlashFaults } from '../../../../src/sim/chip/flash-faults.js';
import { WireFaults } from '../../../../src/sim/chip/wire-faults.js';

describe('parseFaults', () => {
  it('reads a list with and without values', () => {
    expect(parseFaults('')).toEqual({});
    expect(parseFaults('noise:0.01,no-auto-reset,bad-write:0x12000,power-loss:500')).toEqual({
      noiseShare: 0.01,
      noAutoReset: true,
      badWriteAt: 0x12000,
      powerLossAfterBytes: 500,
    });
    expect(parseFaults('lost,max-baud,silence')).toEqual({
      lostShare: 0.001,
      maxBaudRate: 460800,
      silenceAfterBytes: 0,
    });
  });

  it.each([
    'nois',
    'toString',
    'noise:2',
    'noise:',
    'bad-erase',
    'bad-erase:here',
    'silent-stub:1',
    'power-loss:-1',
  ])('refuses %s, and names the faults there are', (list) => {
    expect(() => parseFaults(list)).toThrow(
      expect.objectContaining({
        code: 'sim/bad-option',
        hint: expect.stringContaining('bad-erase:ADDRESS') as string,
      }),
    );
  });

  it('lists each fault in the form in which it is written', () => {
    expect(knownFaults).toContain('silence[:BYTES]');
    expect(knownFaults).toContain('silent-stub');
  });
});

describe('a flash with faults', () => {
  it('keeps the one sector that will not erase', () => {
    const chip = new NorFlash();
    const flash = withFlashFaults(chip, { badEraseAt: 0x11234 });
    for (const at of [0x10fff, 0x11000, 0x11fff, 0x12000]) chip.program(at, Uint8Array.of(0));
    flash.erase(0x10000, 0x10000);
    expect([0x10fff, 0x11000, 0x11fff, 0x12000].map((at) => flash.read(at, 1)[0])).toEqual([
      0xff, 0, 0, 0xff,
    ]);
    flash.erase(0x11000, 0x1000);
    expect(flash.read(0x11000, 1)[0]).toBe(0);
    flash.erase(0, 0x1000);
  });

  it('keeps the one page that takes no write', () => {
    const flash = withFlashFaults(new NorFlash(), { badWriteAt: 0x1100 });
    flash.program(0x10fe, new Uint8Array(0x104));
    expect([0x10fe, 0x10ff, 0x1100, 0x11ff, 0x1200].map((at) => flash.read(at, 1)[0])).toEqual([
      0, 0, 0xff, 0xff, 0,
    ]);
    flash.program(0x1180, Uint8Array.of(0));
    expect(flash.read(0x1180, 1)[0]).toBe(0xff);
  });
});

describe('a line with faults', () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => index);

  it('loses, doubles and changes about the share asked for, the same bytes each time', () => {
    const lost = new WireFaults({ lostShare: 0.01 }).toHost(bytes, 115_200);
    expect(Math.abs(bytes.length - lost.length - 200)).toBeLessThan(60);
    expect(new WireFaults({ lostShare: 0.01 }).toHost(bytes, 115_200)).toEqual(lost);
    const doubled = new WireFaults({ doubledShare: 0.01 }).toHost(bytes, 115_200);
    expect(Math.abs(doubled.length - bytes.length - 200)).toBeLessThan(60);
    const noisy = new WireFaults({ noiseShare: 0.01 }).toChip(bytes, 115_200).bytes;
    const changed = noisy.filter((byte, index) => byte !== bytes[index]).length;
    expect(Math.abs(changed - 200)).toBeLessThan(60);
  });

  it('falls silent, and loses power, at the byte named', () => {
    const faults = new WireFaults({ silenceAfterBytes: 5, powerLossAfterBytes: 3 });
    expect(faults.toHost(bytes.slice(0, 4), 115_200)).toHaveLength(4);
    expect(faults.toHost(bytes.slice(0, 4), 115_200)).toHaveLength(1);
    expect(faults.toHost(bytes.slice(0, 4), 115_200)).toHaveLength(0);
    expect(faults.toChip(bytes.slice(0, 2), 115_200)).toEqual({
      bytes: bytes.slice(0, 2),
      isPowerLost: false,
    });
    expect(faults.toChip(bytes.slice(0, 2), 115_200)).toEqual({
      bytes: bytes.slice(0, 1),
      isPowerLost: true,
    });
  });

  it('meets the same bytes with the same seed, and others with another', () => {
    const heard = (seed?: number): Uint8Array =>
      new WireFaults({ noiseShare: 0.5, ...(seed !== undefined && { seed }) }).toHost(bytes, 115_200);
    expect(heard(7)).toEqual(heard(7));
    expect(heard(7)).not.toEqual(heard(8));
    expect(heard(7)).not.toEqual(heard());
  });

  it('carries no rate above the limit', () => {
    const faults = new WireFaults(parseFaults('max-baud:230400'));
    const same = (arrived: Uint8Array): number =>
      arrived.filter((byte, index) => byte === bytes[index]).length;
    expect(faults.toHost(bytes, 230_400)).toEqual(bytes);
    expect(same(faults.toHost(bytes, 460_800))).toBe(0);
    expect(same(faults.toChip(bytes, 460_800).bytes)).toBe(0);
  });
});
