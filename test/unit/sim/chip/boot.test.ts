import { describe, expect, it, vi } from 'vitest';
import { checkBoot, startBootLoop } from '../../../../src/sim/chip/boot.js';
import { NorFlash } from '../../../../src/sim/chip/flash.js';
import { programNewBoard } from '../../../../src/sim/chip/stand-in.js';
import { FakeHost } from './fake-host.js';

function newBoard(): NorFlash {
  const flash = new NorFlash();
  programNewBoard(flash);
  return flash;
}

/** Turns the bits of one byte that are set there into zeros, as a half-finished write leaves them. */
function damage(flash: NorFlash, ...offsets: number[]): NorFlash {
  for (const offset of offsets) {
    expect(flash.read(offset, 1)[0]).not.toBe(0);
    flash.program(offset, Uint8Array.of(0));
  }
  return flash;
}

function firstSetByte(flash: NorFlash, offset: number): number {
  return offset + flash.read(offset, 64).findIndex((byte) => byte !== 0);
}

describe('checkBoot', () => {
  it('starts what a new board comes with', () => {
    const verdict = checkBoot(newBoard());
    expect(verdict.bootable).toBe(true);
    expect(verdict.output).toContain('entry 0x400805f0');
  });

  it('starts nothing from an erased chip', () => {
    expect(checkBoot(new NorFlash())).toMatchObject({
      bootable: false,
      failure: { repeatedLine: 'invalid header: 0xffffffff', reset: 'watchdog' },
    });
  });

  it.each([
    ['bootloader header', 0x1000, 'invalid header: 0x'],
    ['bootloader code', 0x1200, 'csum err'],
    ['partition table', 0x8004, 'load partition table error'],
    ['application header', 0x10000, 'invalid magic byte'],
    ['application code', 0x20100, 'Checksum failed'],
  ])('names a damaged %s', (_, offset, printed) => {
    const flash = newBoard();
    const verdict = checkBoot(damage(flash, firstSetByte(flash, offset)));
    expect(verdict.bootable).toBe(false);
    expect(verdict.output + (verdict.failure?.repeatedLine ?? '')).toContain(printed);
  });

  it('sees by the SHA-256 what the checksum misses', () => {
    const flash = newBoard();
    // The checksum is a plain XOR: the same bit taken from two bytes leaves it as it was.
    const bytes = flash.read(0x10200, 0x1000);
    const [first, second] = [...bytes.keys()].filter((index) => ((bytes[index] ?? 0) & 1) === 1);
    for (const index of [first!, second!]) flash.program(0x10200 + index, Uint8Array.of(0xfe));
    expect(checkBoot(flash).output).toContain('Image hash failed');
  });

  it('starts nothing where the application is another chip’s', () => {
    const flash = newBoard();
    const app = flash.read(0x10000, 0x1000);
    app[12] = 9;
    flash.erase(0x10000, 0x1000);
    flash.program(0x10000, app);
    expect(checkBoot(flash).output).toContain('mismatch chip ID, expected 0, found 9');
  });
});

describe('startBootLoop', () => {
  it('prints what the ROM prints, again and again, and resets the chip', () => {
    vi.useFakeTimers();
    try {
      const host = new FakeHost();
      startBootLoop(checkBoot(host.flash), 'v1')(host, 'power-on');
      vi.advanceTimersByTime(500);
      expect(host.sentText()).toMatch(/^ets Jun {2}8 2016 00:22:57\r\n/);
      expect(host.sentText()).toContain('rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n');
      // Every 5 ms, as the mask ROM does.
      expect(host.sentText().match(/invalid header: 0xffffffff\r\n/g)).toHaveLength(100);
      expect(host.resets).toEqual([]);
      vi.advanceTimersByTime(1500);
      expect(host.resets).toEqual(['watchdog']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is quiet once stopped', () => {
    vi.useFakeTimers();
    try {
      const host = new FakeHost();
      const guest = startBootLoop(checkBoot(host.flash), 'v1')(host, 'watchdog');
      void guest.stop();
      vi.advanceTimersByTime(2000);
      expect(host.sentText()).toContain('rst:0x10 (RTCWDT_RTC_RESET)');
      expect(host.sentText()).not.toContain('invalid header');
      expect(host.resets).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });
});
