import { Buffer } from 'node:buffer';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { Board } from '../../src/board/board.js';
import type { MicroPythonOptions } from '../support/micropython-port.js';
import { MicroPythonPort } from '../support/micropython-port.js';
import { names } from '../support/board-files.js';
import { describeWithPeers } from '../support/peers.js';
import type { FuzzedBoard } from '../support/transfer-fuzz.js';
import { firstSeed, fuzzTransfers } from '../support/transfer-fuzz.js';

/** Boards that are busy at the same time: most of the time they wait. */
const boards = 20;
/** How much shorter all waits are. */
const hurry = 10;
const patienceMs = 1_000 / hurry;
/** A sample, unless more are asked for: UPYW_FUZZ_CASES=1500, as `.ci/run` has it. */
const cases = Number(process.env['UPYW_FUZZ_CASES'] ?? 50);
/** Of other seeds, those that found a fault. */
const foundFaults = [2_000_821, 17_000_404];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upyw-fuzz-'));
});
afterAll(() => rm(folder, { recursive: true, maxRetries: 5 }));

/** A disk that outlives its board. */
async function newImage(name: string): Promise<MicroPythonOptions> {
  const image = join(folder, name);
  await writeFile(image, '');
  return { hurry, blocks: 16, image };
}

const older = Buffer.from('the old one, '.repeat(30));
/** So small that littlefs keeps it beside its name, and of two blocks. */
const newer = [60, 5_000].map((count) =>
  Buffer.from(Array.from({ length: count }, (_, at) => (at * at) % 251)),
);

/** What is there is wholly old or wholly new, and nothing else is. */
async function expectWhole(board: Board, content: Buffer, what: string): Promise<void> {
  await board.list('/');
  expect(await names(board), what).toEqual(['data']);
  const found = Buffer.from(await board.read('data')).toString('hex');
  expect(
    [older, content].map((content) => content.toString('hex')),
    what,
  ).toContain(found);
}

/** Several at once, each as soon as one before has ended. */
async function inParallel(items: readonly number[], work: (item: number) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: boards }, worker));
}

describeWithPeers('real MicroPython in the worst case', ['micropython'], () => {
  it(`on a bad line: ${foundFaults.length + cases} cases`, { timeout: 600_000 }, async () => {
    const seeds = [...foundFaults, ...Array.from({ length: cases }, (_, index) => firstSeed + index)];
    const ports = Array.from({ length: boards }, () => new MicroPythonPort({ hurry, blocks: 64 }));
    // Whatever a case found, no board outlives it.
    onTestFinished(() => Promise.all(ports.map((port) => port.close())).then(() => undefined));
    const idle: FuzzedBoard[] = ports.map((port) => ({
      port,
      connect: () => Board.connect(port, { patienceMs }),
    }));
    await inParallel(seeds, async (seed) => {
      const board = idle.pop();
      if (board === undefined) throw new Error('no board is idle');
      await fuzzTransfers(board, seed);
      idle.push(board);
    });
  });

  // Of what travels behind the receiver's code: one block with 60 bytes and their SHA-256.
  const travels = Array.from({ length: 128 }, (_, index) => index);
  it('that is reset at every byte', { timeout: 600_000 }, async () => {
    await inParallel(travels, async (cutAt) => {
      const options = await newImage(`reset-${cutAt}`);
      const port = new MicroPythonPort(options);
      const board = await Board.connect(port, { patienceMs });
      await board.write('data', older);
      let sentBytes = -1;
      port.fromBoard = (bytes) => {
        if (bytes.includes(0x11) && sentBytes < 0) sentBytes = 0;
        return bytes;
      };
      port.toBoard = (bytes) => {
        if (sentBytes < 0) return bytes;
        sentBytes += bytes.length;
        if (sentBytes <= cutAt) return bytes;
        port.toBoard = port.fromBoard = (later) => later;
        setTimeout(() => {
          port.reset(options);
        }, cutAt % 4);
        return bytes.subarray(0, bytes.length - (sentBytes - cutAt));
      };
      // It notices, and begins again.
      await board.write('data', newer[0]!);
      expect(Buffer.compare(await board.read('data'), newer[0]!), `byte ${cutAt}`).toBe(0);
      expect(await names(board), `byte ${cutAt}`).toEqual(['data']);
      await port.close();
    });
  });

  it.each([
    [0, 12],
    [1, 80],
  ])('whose power goes in any write to its flash: file %i', { timeout: 600_000 }, async (which, count) => {
    const content = newer[which]!;
    const survived: number[] = [];
    const writes = Array.from({ length: count }, (_, index) => index + 1);
    await inParallel(writes, async (lastWrite) => {
      const options = await newImage(`power-${which}-${lastWrite}`);
      const first = new MicroPythonPort(options);
      await (await Board.connect(first)).write('data', older);
      await first.close();
      const port = new MicroPythonPort({ ...options, lastWrite });
      port.onPowerCut = () => {
        port.hangUp();
      };
      await Board.connect(port, { patienceMs })
        .then((board) => board.write('data', content))
        .then(() => survived.push(lastWrite))
        .catch(() => undefined);
      await port.close();
      const next = new MicroPythonPort(options);
      const again = await Board.connect(next, { patienceMs });
      await expectWhole(again, content, `write ${lastWrite}`);
      await next.close();
    });
    // The last ones came too late to matter: all writes there are have been cut.
    expect(survived).toContain(count);
    expect(survived.length).toBeLessThan(count);
  });
});
