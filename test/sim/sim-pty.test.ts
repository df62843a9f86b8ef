import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPort, type Port } from 'upyw';
import { ReplClient } from '../support/repl-client.js';
import { ServedBoard } from '../support/served-board.js';
import { useSimFolder } from '../support/sim-folder.js';
import { describeWith } from '../support/systems.js';

/** A served board's pseudo-terminal, as a port that programs open. */
describeWith('pseudo-terminals', 'a pseudo-terminal', () => {
  useSimFolder();
  let board: ServedBoard;

  beforeAll(async () => {
    board = await ServedBoard.start('sim:terminal?unpaced', '--pty');
    process.env['UPYW_SIM_DIR'] = board.env['UPYW_SIM_DIR'];
  });

  afterAll(() => board.stop());

  const pty = (): string => board.ptyPath ?? '';

  async function withPort(address: string, use: (repl: ReplClient, port: Port) => Promise<void>) {
    const port = await openPort(address);
    try {
      await use(new ReplClient(port), port);
    } finally {
      await port.close();
    }
  }

  it('has the rate that its user sets, and the board has its own', async () => {
    await withPort(pty(), async (repl, port) => {
      await repl.enterRaw();
      // From REF_TICK, a divider of 104: 9615 bits per second.
      await repl.start(
        'import machine, time; machine.mem32[0x3FF40014] = 104; time.sleep_ms(300); print("slow")',
      );
      await port.setBaudRate(9600);
      expect((await repl.end()).output).toBe('slow\r\n');
      // Back at the old rate the board cannot be understood.
      await port.setBaudRate(115_200);
      await repl.send('print("fast")\x04');
      await new Promise((resolve) => setTimeout(resolve, 100));
      await port.setBaudRate(9600);
      await repl.send('\x03\x03\r\x01');
      await repl.until('raw REPL; CTRL-B to exit\r\n>');
      expect(repl.listener.said).not.toContain('fast');
      await repl.start('time.sleep_ms(100); machine.mem32[0x3FF40014] = 0xA00008; time.sleep_ms(300)');
      await port.setBaudRate(115_200);
      expect(await repl.end()).toEqual({ output: '', error: '' });
    });
  });

  it('is taken as long as a program has it open, which is named', async () => {
    await withPort(pty(), async (repl) => {
      await repl.enterRaw();
      await expect(openPort('sim:terminal')).rejects.toMatchObject({
        code: 'port/busy',
        details: { holder: expect.stringMatching(`\\(process ${process.pid}\\), on ${pty()}$`) as string },
      });
    });
    await withPort('sim:terminal', async (repl) => {
      await repl.enterRaw();
    });
  });

  it('does not reach into what another one runs, and its user is told', async () => {
    await withPort('sim:terminal', async (repl) => {
      await repl.enterRaw();
      await repl.start('import time\nfor each in range(40): time.sleep_ms(10)\nprint("to the end")');
      await withPort(pty(), async (intruder) => {
        await intruder.send('\x03');
        await intruder.until('Port already in use');
        expect(await repl.end()).toEqual({ output: 'to the end\r\n', error: '' });
      });
    });
  });
});
