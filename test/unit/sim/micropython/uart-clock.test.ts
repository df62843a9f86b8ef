import { expect, it } from 'vitest';
import { consoleBaudRate, uartResetState } from '../../../../src/sim/micropython/clock/uart-clock.js';

it('reads the registers as MicroPython leaves them as about 115200 baud', () => {
  expect(Math.abs(consoleBaudRate(uartResetState)! / 115_200 - 1)).toBeLessThan(0.01);
});

it('reads a divider of the 80 MHz clock', () => {
  const divider = Math.round((80_000_000 / 921_600) * 16);
  const registers = { divider: (divider >> 4) | ((divider & 15) << 20), configuration: 0x0c00_001c };
  expect(Math.abs(consoleBaudRate(registers)! / 921_600 - 1)).toBeLessThan(0.001);
});

it('gets no faster than 500 kbaud out of REF_TICK, whatever the divider', () => {
  const halfTick = { divider: 2, configuration: 0x0400_001c };
  expect(consoleBaudRate(halfTick)).toBe(500_000);
  expect(consoleBaudRate({ ...halfTick, divider: 1 | (1 << 20) })).toBe(500_000);
});

it('knows no rate without a divider', () => {
  expect(consoleBaudRate({ divider: 0, configuration: 0 })).toBeUndefined();
});
