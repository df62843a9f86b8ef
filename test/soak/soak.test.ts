import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPort } from 'upyw';
import { ReplClient } from '../support/repl-client.js';
import { ServedBoard } from '../support/served-board.js';

/** Many clients after each other, each of which finds a program running; UPYW_SOAK_CONNECTIONS asks for more of them. */
const connections = Number(process.env['UPYW_SOAK_CONNECTIONS'] ?? 40);
const msPerConnection = 2000;

/** V8 lets its heaps grow for some 2,000 connections; from then on memory stays so near to what it was. */
const flatWithinMb = 12;
const settled = 2000;
const pageBytes = 4096;

/** What the server has of this computer's memory; only Linux says it in a file. */
function residentMb(): number {
  const [, pages = ''] = readFileSync(`/proc/${board.server.pid ?? 0}/statm`, 'utf8').split(' ');
  return (Number(pages) * pageBytes) / 1024 ** 2;
}

/** Each leaves the console at another moment when Ctrl-C comes. */
const programs = [
  'while True: print("x" * 40)',
  'import time\nwhile True: time.sleep_ms(1)',
  'import sys\nwhile True: sys.stdin.read(1)',
  'while True: pass',
  'import sys, select\np = select.poll(); p.register(sys.stdin)\nwhile True:\n  if p.poll(0): sys.stdin.buffer.read(1)',
];

let board: ServedBoard;

beforeAll(async () => {
  board = await ServedBoard.start('sim:?unpaced');
});

afterAll(() => board.stop());

describe('a served board', () => {
  it(
    `is there for each of ${connections} clients that end a program with Ctrl-C`,
    async () => {
      const isMeasured = process.platform === 'linux' && connections >= 2 * settled;
      let settledMb = Infinity;
      for (let nth = 0; nth < connections; nth += 1) {
        if (isMeasured && nth === settled) settledMb = residentMb();
        const port = await openPort(board.url);
        const repl = new ReplClient(port);
        await repl.enterRaw();
        expect(await repl.output(`print(${nth})`)).toBe(`${nth}\r\n`);
        await repl.start(programs[nth % programs.length] ?? '');
        await port.write(new TextEncoder().encode('typed meanwhile'));
        await port.close();
      }
      if (isMeasured) expect(residentMb()).toBeLessThan(settledMb + flatWithinMb);
    },
    connections * msPerConnection,
  );
});
