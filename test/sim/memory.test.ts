import { afterEach, describe, expect, it } from 'vitest';
import { openPort, type Port } from 'upyw';
import { ReplClient } from '../support/repl-client.js';
import { useSimFolder } from '../support/sim-folder.js';

/** A board has little memory: programs must see how much, get it back when they let go of it, and be told where there is no more. */
useSimFolder();

const chipBytes = { least: 110_000, most: 165_000 };

let port: Port | undefined;
let count = 0;

afterEach(async () => {
  await port?.close();
  port = undefined;
});

async function open(options = ''): Promise<ReplClient> {
  port = await openPort(`sim:memory${(count += 1)}?unpaced${options}`);
  const repl = new ReplClient(port);
  await repl.enterRaw();
  await repl.output('import gc');
  return repl;
}

async function number(repl: ReplClient, code: string): Promise<number> {
  return Number(await repl.output(`gc.collect()\nprint(${code})`));
}

describe('memory', () => {
  it('is as much as an ESP32 has, or as ?ram= says', async () => {
    const repl = await open();
    const free = await number(repl, 'gc.mem_free()');
    expect(free).toBeGreaterThan(chipBytes.least);
    expect(free).toBeLessThan(chipBytes.most);
    await port?.close();
    const small = await number(await open('&ram=64'), 'gc.mem_free() + gc.mem_alloc()');
    expect(small).toBe(64 * 1024);
  });

  it('goes with what a program makes, and comes back by gc.collect()', async () => {
    const repl = await open();
    const before = await number(repl, 'gc.mem_free()');
    await repl.output('kept = bytearray(20000)');
    const during = await number(repl, 'gc.mem_free()');
    await repl.output('del kept');
    const after = await number(repl, 'gc.mem_free()');
    expect(before - during).toBeGreaterThanOrEqual(20_000);
    expect(before - during).toBeLessThan(22_000);
    expect(Math.abs(after - before)).toBeLessThan(1000);
  });

  it('is none of the program’s where a built-in module is loaded', async () => {
    const repl = await open();
    const before = await number(repl, 'gc.mem_free()');
    await repl.output('import machine, network, requests, asyncio');
    expect(before - (await number(repl, 'gc.mem_free()'))).toBeLessThan(1000);
  });

  it('is collected within a program that makes more than there is', async () => {
    const repl = await open();
    const code = [
      'class Maker:',
      '  def make(self):',
      '    for nth in range(300): yield [bytearray(1000), str(nth)]',
      'total = 0',
      'for some in Maker().make(): total += len(some[0])',
      'print(total)',
    ];
    expect(await repl.output(code.join('\n'))).toBe('300000\r\n');
  });
});

describe('a program that needs more memory than there is', () => {
  it('gets a MemoryError, can catch it, and goes on', async () => {
    const repl = await open();
    const code = [
      'kept = []',
      'try:',
      '  while True: kept.append(bytearray(1000))',
      'except MemoryError: print("full", 100 < len(kept) < 165)',
      'kept = None',
      'gc.collect()',
      'print(gc.mem_free() > 110000)',
    ];
    expect(await repl.output(code.join('\n'))).toBe('full True\r\nTrue\r\n');
  });

  it('gets it for one thing that is too large, on that line', async () => {
    const repl = await open();
    const code = 'def make(size):\n  print("made", len(bytearray(size)))\nmake(50000)\nmake(1000000)';
    await repl.start(code);
    const said = await repl.until('\x04>');
    expect(said).toContain('made 50000\r\n');
    expect(said).not.toContain('made 1000000');
    expect(said).toContain('line 2, in make\r\nMemoryError: memory allocation failed, allocating 10000');
  });

  it('gets it sooner on a board with less, and where gc.disable() keeps the garbage', async () => {
    const repl = await open('&ram=64');
    await repl.output('gc.disable()');
    const code = 'try:\n  for nth in range(200): bytearray(1000)\nexcept MemoryError: print(40 < nth < 66)';
    expect(await repl.output(code)).toBe('True\r\n');
  });
});

/** `gc.threshold(1)`: garbage is collected at every call, so what is not seen to be in use is gone at once. */
describe('what is in use while garbage is collected', () => {
  it.each([
    [
      'arguments and locals',
      'def f(a, b):\n  c = str(a) * 3\n  d = [c, b]\n  str(7)\n  return d\nprint(f(12, "x" + str(5)))',
    ],
    [
      'what C functions work on',
      'print(sorted([str(n) for n in range(9)], key=lambda s: -int(s + str(0))), sum(int(str(n)) for n in range(9)))',
    ],
    [
      'what return takes out of with',
      'class C:\n  def __enter__(self): return self\n  def __exit__(self, *a): str(1) + str(2)\ndef f():\n  with C(): return [str(1), str(2)]\nprint(f())',
    ],
    [
      'exceptions',
      'def f():\n  raise ValueError(str(1) + str(2))\ntry: f()\nexcept ValueError as error: print(error, str(error) + "x")\ndef g():\n  del h\n  h\ntry: g()\nexcept NameError as error: print(type(error))',
    ],
    [
      'instances while they are made',
      'class C:\n  def __init__(self, a, *, b):\n    self.a, self.b = [str(a)], {str(b): str(b)}\nprint([(c.a, c.b) for c in [C(n, b=n) for n in range(4)]])',
    ],
    [
      'classes within classes',
      'class A:\n  x = [str(1)]\n  class B:\n    y = [str(2)]\n    class C: z = [str(3)]\n  w = [str(4)]\nprint(A.x, A.B.y, A.B.C.z, A.w)',
    ],
    [
      'closures, generators and tasks',
      'import asyncio\ndef outer(*a):\n  def inner(*b): return [str(x) for x in a + b]\n  return inner\nasync def task(n):\n  await asyncio.sleep_ms(1)\n  return outer(n, 1, 2)(3, 4, 5, 6)\nasync def main(): return await asyncio.gather(task(1), task(2))\nprint(asyncio.run(main()))',
    ],
  ])('stays: %s', async (_what, code) => {
    const repl = await open();
    const expected = await repl.output(code);
    await repl.output('gc.threshold(1)');
    expect(await repl.output(code)).toBe(expected);
    expect(await repl.output('print(gc.mem_free() > 0)')).toBe('True\r\n');
  });
});
