import { describe, expect, it } from 'vitest';
import { UpywError } from '../../../../src/errors.js';
import { type FlashStore, NorFlash } from '../../../../src/sim/chip/flash.js';
import { guardFlash } from '../../../../src/sim/chip/flash-guard.js';

const full: FlashStore = {
  load: () => [new Uint8Array(0)],
  save: () => {
    throw new UpywError('sim/state', { path: 'flash.bin', reason: 'no space left' });
  },
  close: () => undefined,
};

describe('a guarded flash', () => {
  it('tells of a file that fails, and lets the program on the chip go on', () => {
    const failures: string[] = [];
    const flash = guardFlash(new NorFlash(full), (error) => failures.push(error.code));
    flash.program(0, Uint8Array.of(1));
    flash.erase(0, 0x1000);
    expect(failures).toEqual(['sim/state', 'sim/state']);
  });

  it('hides no mistake', () => {
    const flash = guardFlash(new NorFlash(), () => undefined);
    expect(() => {
      flash.erase(1, 1);
    }).toThrow(RangeError);
  });
});
