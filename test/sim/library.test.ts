import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Board, UpywError, listPorts, openPort } from 'upyw';
import { Workplace } from '../support/virtual-board.js';

describe('the library', () => {
  let here: Workplace;
  beforeAll(async () => {
    here = await Workplace.open({ inTest: true });
  });
  afterAll(() => here.close());

  test('opens a port, writes, runs, reads, closes', async () => {
    const port = await openPort('sim:library?unpaced');
    try {
      const board = await Board.connect(port);
      await board.write('answer.py', new TextEncoder().encode('value = 42\n'));
      expect(await board.evaluate('__import__("answer").value')).toBe('42');
      expect(new TextDecoder().decode(await board.read('answer.py'))).toBe('value = 42\n');
      await board.disconnect();
    } finally {
      await port.close();
    }
  });

  test('fails with typed errors', async () => {
    const error = await openPort('sim:?nothing').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UpywError);
    expect(error).toMatchObject({ code: 'sim/bad-option', exitCode: 2 });
    await expect(openPort('no port')).rejects.toMatchObject({ code: 'usage/bad-port' });
    expect(Array.isArray(await listPorts())).toBe(true);
  });
});
