import { beforeEach, expect, it } from 'vitest';
import { ChipPace } from '../../../../src/sim/micropython/clock/chip-pace.js';
import type { CpuMhz } from '../../../../src/sim/micropython/clock/cpu-rates.js';

let nowMs = 0;
let slept: number[] = [];

beforeEach(() => {
  nowMs = 0;
  slept = [];
});

/** A VM that runs the sample 26 times as fast as a chip at 240 MHz. */
function paced(mhz?: CpuMhz): ChipPace {
  const pace = new ChipPace(mhz, () => nowMs);
  pace.measure(() => {
    nowMs += 0.5;
  });
  pace.holding = {
    sleepMs: (durationMs) => {
      slept.push(durationMs);
      nowMs += durationMs;
      return true;
    },
  };
  return pace;
}

function run(pace: ChipPace, durationMs: number): void {
  pace.enter();
  nowMs += durationMs;
  pace.leave();
}

it.each([
  [240, 26],
  [160, 39],
  [80, 78],
  [20, 312],
] as const)('at %i MHz a millisecond of the VM is one of %i', (mhz, factor) => {
  const pace = paced(mhz);
  const startMs = nowMs;
  run(pace, 1);
  pace.pay();
  expect(nowMs - startMs).toBeCloseTo(factor);
});

it('is paid together where it is little, and at once where a program asks for the time', () => {
  const pace = paced(240);
  run(pace, 0.02);
  pace.pay();
  expect(slept).toEqual([]);
  run(pace, 0.02);
  pace.pay();
  expect(slept).toEqual([expect.closeTo(1)]);
  pace.enter();
  nowMs += 1;
  const beforeUs = nowMs * 1000;
  expect(pace.nowUs() - beforeUs).toBeCloseTo(25_000);
});

it('follows the rate that a program sets', () => {
  const pace = paced(240);
  expect(pace.devices['cpu_mhz']?.(80)).toBe(80);
  run(pace, 1);
  pace.pay();
  expect(slept).toEqual([expect.closeTo(77)]);
});

it('is not owed for what a chip has in its firmware', () => {
  const pace = paced(240);
  pace.beginFree();
  run(pace, 1000);
  pace.endFree();
  pace.pay();
  expect(slept).toEqual([]);
  run(pace, 1);
  pace.pay();
  expect(slept).toEqual([expect.closeTo(25)]);
});

it('is forgiven where Ctrl-C comes first', () => {
  const pace = paced(240);
  run(pace, 1000);
  pace.holding = { sleepMs: () => false };
  pace.pay();
  pace.holding = { sleepMs: (durationMs) => slept.push(durationMs) > 0 };
  pace.pay();
  expect(slept).toEqual([]);
});

it('is forgiven where Ctrl-C comes in the middle', () => {
  const pace = paced(240);
  pace.enter();
  nowMs += 1000;
  pace.forgive();
  pace.leave();
  pace.pay();
  expect(slept).toEqual([]);
});

it('is nothing without a rate', () => {
  const pace = paced();
  run(pace, 1000);
  pace.pay();
  expect(slept).toEqual([]);
  expect(pace.devices['cpu_mhz']?.()).toBe(160);
});
