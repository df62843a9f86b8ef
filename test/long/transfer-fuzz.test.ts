import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Board, openPort } from 'upyw';
import { noisyPort } from '../support/noisy-port.js';
import { firstSeed, fuzzTransfers } from '../support/transfer-fuzz.js';

// A sample of what test/peers/transfer-fuzz.test.ts does by the thousand on real MicroPython.
const cases = 4;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upyw-fuzz-'));
  process.env['UPYW_SIM_DIR'] = folder;
});
afterAll(async () => {
  delete process.env['UPYW_SIM_DIR'];
  await rm(folder, { recursive: true, maxRetries: 5 });
});

it(`a bad line leaves files whole, old or new: ${cases} cases`, { timeout: 120_000 }, async () => {
  const port = noisyPort(await openPort('sim:?unpaced'));
  const connect = () => Board.connect(port, { patienceMs: 100 });
  for (let seed = firstSeed; seed < firstSeed + cases; seed += 1)
    await fuzzTransfers({ port, connect }, seed);
  // Some were removed; nothing else was left behind.
  const names = (await (await connect()).list('/')).map(({ name }) => name);
  expect(['a', 'b', 'boot.py', 'c']).toEqual(expect.arrayContaining(names));
  await port.close();
});
