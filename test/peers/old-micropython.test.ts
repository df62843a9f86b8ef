import { randomBytes } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Board } from '../../src/board/board.js';
import { checkedCode } from '../../src/board/helpers/device-code.js';
import { boardContract, wireShareOfText } from '../support/board-contract.js';
import { everyByte } from '../support/board-files.js';
import { cutOffAfter, putTree, versionOf } from '../support/installing.js';
import { MicroPythonPort, type MicroPythonOptions, wentAs } from '../support/micropython-port.js';

const open: MicroPythonPort[] = [];

async function connect(lacking: MicroPythonOptions['lacking'] = []) {
  const port = new MicroPythonPort({ isOld: true, disk: 'memory', lacking });
  open.push(port);
  return { port, board: await Board.connect(port) };
}

async function switchOff(): Promise<void> {
  await Promise.all(open.splice(0).map((port) => port.close()));
}

afterEach(switchOff);

boardContract('MicroPython 1.20', () => ({
  connect: async () => (await connect()).board,
  release: switchOff,
  fileSystem: 'memory',
}));

describe('MicroPython 1.20', () => {
  it('is what is tested here', async () => {
    const { board } = await connect();
    expect(await board.evaluate("__import__('sys').version")).toContain('MicroPython v1.20.0');
    expect(await board.evaluate("'deflate' in __import__('sys').modules")).toBe('False');
  });

  it('inflates by uzlib what is shorter so, and takes the rest raw', async () => {
    const { board, port } = await connect();
    expect(await wireShareOfText(board, port)).toBeLessThan(0.5);
    const noise = randomBytes(20_000);
    await board.write('noise', noise);
    expect(wentAs(port)).toBe('raw');
    expect(Buffer.compare(await board.read('noise'), noise)).toBe(0);
  });

  it.each([
    ['uzlib', 'raw'],
    ['select', 'text'],
    ['hashlib', 'text'],
    ['binascii', 'literals'],
  ])('does without %s', async (module, way) => {
    const { board, port } = await connect([module]);
    // Little: its base64 needs a thousand times the memory.
    for (const bytes of [everyByte.subarray(0, 256), new Uint8Array(), new Uint8Array(100).fill(3)]) {
      await board.write('x', bytes);
      expect(Buffer.compare(await board.read('x'), bytes)).toBe(0);
    }
    expect(wentAs(port)).toBe(way);
  });

  it('runs code of ours only as it was sent', async () => {
    const { board } = await connect();
    const code = checkedCode(`${'#'.repeat(3_000)}\nprint('ab')\n`);
    expect(new TextDecoder().decode(await board.run(code)).trim()).toBe('ab');
    // Swapped, one bit flipped up and down, moved: the sum of all bytes is the same.
    for (const arrived of ["'ba'", "'c`'", "ab''"]) {
      await expect(board.run(code.replace("'ab'", arrived))).rejects.toMatchObject({
        details: { exception: expect.stringContaining('SyntaxError') as string },
      });
    }
  });

  it('has written what it confirmed, and not what a bad line made to look so', async () => {
    const port = new MicroPythonPort({ isOld: true, disk: 'memory', hurry: 10 });
    open.push(port);
    const board = await Board.connect(port);
    // Once: of a block only the first windows arrive; where the receiver gives up, one bit is flipped for a while, then a byte doubled.
    let step: 'calm' | 'cut' | 'flip' | 'over' = 'calm';
    let passedBytes = 64;
    port.toBoard = (bytes) => {
      if (step !== 'cut') return bytes;
      const passed = bytes.subarray(0, passedBytes);
      passedBytes -= passed.length;
      return passed;
    };
    port.fromBoard = (bytes) =>
      Uint8Array.from(
        [...bytes].flatMap((byte) => {
          if (step === 'calm' && byte === 0x11) step = 'cut';
          else if (step === 'cut' && byte === 0x15) return [0x05];
          else if (step === 'cut' && byte === 0x04) {
            step = 'flip';
            return [0x14];
          } else if (step === 'flip' && byte === 0x04) {
            step = 'over';
            return [0x04, 0x04];
          }
          return [byte];
        }),
      );
    const short = everyByte.subarray(0, 100);
    await board.write('x', short);
    expect(step).toBe('over');
    expect(Buffer.compare(await board.read('x'), short)).toBe(0);
  });

  it('has packages installed, and an installation that was cut off brought to its end', async () => {
    const { board } = await connect();
    await putTree(board, 1);
    expect(await versionOf(board, board)).toBe(1);
    await putTree(board, 2);
    expect(await versionOf(board, board)).toBe(2);
    await putTree(board, 1);
    await cutOffAfter(2, board, '/lib');
    expect(await versionOf(board, board)).toBe(2);
  });

  it("reads all of the board's code", async () => {
    const { board } = await connect();
    for (const folder of ['', 'helpers/']) {
      const place = new URL(`../../device/${folder}`, import.meta.url);
      for (const name of (await readdir(place)).filter((each) => each.endsWith('.py'))) {
        const source = await readFile(new URL(name, place), 'utf8');
        await board.run(`compile(${JSON.stringify(source)}, ${JSON.stringify(name)}, 'exec')`);
      }
    }
  });
});
