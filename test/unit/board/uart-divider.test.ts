import { expect, it } from 'vitest';
import { apbDivider, usualRegisters } from '../../../src/board/uart-divider.js';

it('divides 80 MHz by whole parts and sixteenths', () => {
  // 86 13/16 and 173 10/16
  expect([921_600, 460_800].map(apbDivider)).toEqual([0xd0_0056, 0xa0_00ad]);
});

it('knows the registers of a console that nobody has changed: REF_TICK, and whatever else stands there', () => {
  expect(usualRegisters(115_200, 0x0c00_001c)).toEqual({ divider: 0xb0_0008, control: 0x0400_001c });
  expect(usualRegisters(115_200, 0x8c00_001c).control).toBe(0x8400_001c);
});
