import { expect, it } from 'vitest';
import { chipPins } from '../../../src/sim/reset-circuit.js';

it.each([
  { dtr: false, rts: false, enabled: true, io0High: true },
  { dtr: false, rts: true, enabled: false, io0High: true },
  { dtr: true, rts: false, enabled: true, io0High: false },
  { dtr: true, rts: true, enabled: true, io0High: true },
])('DTR $dtr and RTS $rts give EN $enabled and IO0 $io0High', ({ dtr, rts, enabled, io0High }) => {
  expect(chipPins({ dtr, rts })).toEqual({ enabled, io0High });
});
