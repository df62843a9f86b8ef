import { expect, it } from 'vitest';
import { apbDivider, baudRateOf, usualRegisters } from '../../../src/board/speed/uart-divider.js';

it('divides 80 MHz by whole parts and sixteenths', () => {
  // 86 13/16 and 173 10/16
  expect([921_600, 460_800].map(apbDivider)).toEqual([0xd0_0056, 0xa0_00ad]);
});

it('knows the registers of a console that nobody has changed: REF_TICK, and whatever else stands there', () => {
  expect(usualRegisters(115_200, 0x0c00_001c)).toEqual({ divider: 0xb0_0008, control: 0x0400_001c });
  expect(usualRegisters(115_200, 0x8c00_001c).control).toBe(0x8400_001c);
});

it.each([115_200, 921_600])('knows what rate the registers make (%i)', (baudRate) => {
  expect(baudRateOf(usualRegisters(baudRate, 0)) / baudRate).toBeCloseTo(1, 1);
  expect(baudRateOf({ divider: apbDivider(baudRate), control: 0x0800_0000 }) / baudRate).toBeCloseTo(1, 3);
});
