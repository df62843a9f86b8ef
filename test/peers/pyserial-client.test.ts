import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithPeers } from '../support/peers.js';
import { ServedBoard } from '../support/served-board.js';

const script = fileURLToPath(new URL('pyserial_client.py', import.meta.url));

/** Paced: a wrong rate garbles only what takes time. */
describeWithPeers('pyserial, and our RFC 2217 server', ['peer-python'], () => {
  let board: ServedBoard;
  beforeAll(async () => {
    board = await ServedBoard.start('sim:peer');
  });
  afterAll(() => board.stop());

  it('passes bytes, lines and rates', { timeout: 60_000 }, async () => {
    const { stdout } = await execa('peer-python', [script, board.url], { timeout: 60_000 });
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report['raw']).toContain('raw REPL; CTRL-B to exit');
    expect(report['echoed']).toBe(true);
    expect(report['run']).toMatch(/POWERON_RESET[^]*boot:0x13[^]*MicroPython v/);
    expect(report['loader']).toMatch(/boot:0x3 [^]*waiting for download/);
    expect(report['wrong_rate']).not.toContain('raw REPL');
    expect(report['right_rate']).toContain('raw REPL; CTRL-B to exit');
    expect(report['modem']).toEqual([true, true, true]);
  });
});
