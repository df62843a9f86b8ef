import { afterAll, beforeAll, expect, it } from 'vitest';
import { shapes } from '../../src/json.js';
import { Workplace } from '../support/virtual-board.js';

let here: Workplace;
beforeAll(async () => {
  here = await Workplace.open({ inTest: true, served: true });
});
afterAll(() => here.close());

const json = async (...args: string[]) =>
  JSON.parse(await here.ok('--json', ...args)) as Record<string, unknown>;

it('mem tells a chip and not the computer below it', async () => {
  const memory = shapes.mem.parse(await json('mem'));
  expect(memory.after.freeBytes).toBeGreaterThan(memory.before.freeBytes);
  const heapBytes = memory.after.freeBytes + memory.after.usedBytes;
  expect(heapBytes).toBeLessThan(400_000);
  expect(memory.largestBlockBytes).toBeLessThanOrEqual(memory.after.freeBytes);
  expect(memory.largestBlockBytes).toBeGreaterThan(50_000);
  expect(memory.flashBytes).toBe(4_194_304);
  expect(await here.ok('mem')).toMatch(/^free +\d+ kB of \d+ kB\nfree after gc\.collect\(\) +\d+ kB of/);
});

it('mem sees what a program has taken', async () => {
  const { after: before } = shapes.mem.parse(await json('mem'));
  await here.ok('exec', 'taken = bytearray(40000)');
  const { after } = shapes.mem.parse(await json('mem'));
  expect(before.freeBytes - after.freeBytes).toBeGreaterThan(35_000);
  expect(before.freeBytes - after.freeBytes).toBeLessThan(60_000);
  await here.ok('exec', 'del taken');
});

it('mem --watch has a line for each look, and Ctrl-C ends it well', async () => {
  const running = here.start(['mem', '--watch', '--json']);
  const lines: string[] = [];
  await new Promise<void>((resolve) => {
    running.stdout.on('data', (chunk: Buffer) => {
      lines.push(...chunk.toString().trim().split('\n'));
      if (lines.length === 2) resolve();
    });
  });
  running.kill('SIGINT');
  expect((await running).exitCode).toBe(0);
  for (const line of lines) expect(shapes.mem.safeParse(JSON.parse(line)).success).toBe(true);
});

it('rtc shows a clock that was never set, sets it, and compares it', async () => {
  expect(await here.ok('rtc')).toContain('(not set: upyw rtc --set, or upyw provision)');
  await here.ok('-n', 'rtc', '--set');
  expect(await here.ok('rtc')).toContain('(not set:');
  const set = shapes.rtc.parse(await json('rtc', '--set', '--utc'));
  expect([set.set, Math.abs(set.differenceSeconds) <= 2]).toEqual([true, true]);
  expect(Math.abs(Date.parse(`${set.time}Z`) - Date.now())).toBeLessThan(5_000);
  expect(await here.ok('rtc', '--utc')).toContain('(as UTC of this computer)');
  await here.ok('exec', 'import machine; machine.RTC().datetime((2030, 5, 6, 0, 7, 8, 9, 0))');
  expect(await here.ok('rtc')).toMatch(/^2030-05-06 07:08:\d\d {2}\(about \d+ days ahead of local time/);
});

it('a board without a clock is told as that', async () => {
  await here.ok('exec', 'import sys; sys.modules["umachine"] = sys.modules["machine"] = sys');
  expect((await here.failure('rtc', '--set')).code).toBe('board/no-clock');
});
