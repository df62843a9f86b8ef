import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { Board } from '../../src/board/board.js';
import type { MicroPythonOptions } from '../support/micropython-port.js';
import { MicroPythonPort, hasMicroPython } from '../support/micropython-port.js';

const open: MicroPythonPort[] = [];

async function connect(options?: MicroPythonOptions): Promise<{ board: Board; port: MicroPythonPort }> {
  const port = new MicroPythonPort(options);
  open.push(port);
  return { port, board: await Board.connect(port) };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((port) => port.close()));
});

describe.skipIf(!hasMicroPython())('board operations on real MicroPython and littlefs', () => {
  it('round trip', async () => {
    const { board } = await connect();
    for (const size of [0, 1, 31, 32, 33, 4095, 4096, 4097, 50_000]) {
      const bytes = randomBytes(size);
      const result = await board.write(`f${size}`, bytes);
      expect(result.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(Buffer.compare(await board.read(`f${size}`), bytes)).toBe(0);
    }
  });
});
