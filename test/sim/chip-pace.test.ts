import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { useSimFolder } from '../support/sim-folder.js';
import { switchOn } from '../support/switched-on.js';

/** `sim:?cpu=`: how fast this is depends on the computer and what else it does, so only what must differ by much is compared. */
useSimFolder();

const loop = `
import time, machine
def loop(count):
    started = time.ticks_us()
    for each in range(count): each + 1
    return time.ticks_diff(time.ticks_us(), started)
print(machine.freq(), min(loop(5000) for each in range(5)))
`;

it('a chip’s pace goes with its clock rate, which a program may change', async (test) => {
  const { repl } = await switchOn('sim:slow?unpaced&cpu=80', test);
  const [hz, slowUs] = numbersIn(await repl.output(loop));
  const [fastHz, fastUs] = numbersIn(await repl.output(`import machine; machine.freq(240_000_000)\n${loop}`));
  expect([hz, fastHz]).toEqual([80_000_000, 240_000_000]);
  expect((slowUs ?? 0) / (fastUs ?? 1)).toBeGreaterThan(1.5);
  // A chip of 80 MHz does some 100,000 of these in a second.
  expect(slowUs).toBeGreaterThan(10_000);
});

it('Ctrl-C ends what is slow, at once', async (test) => {
  const { repl } = await switchOn('sim:slow?unpaced&cpu=80', test);
  await repl.start('print("running")\nwhile True: pass');
  await repl.until('running');
  // For what it does meanwhile a chip would take ten seconds.
  await pause(500);
  const startMs = performance.now();
  await repl.send('\x03');
  await repl.until('KeyboardInterrupt');
  expect(performance.now() - startMs).toBeLessThan(8000);
});

function numbersIn(text: string): number[] {
  return text.trim().split(' ').map(Number);
}
