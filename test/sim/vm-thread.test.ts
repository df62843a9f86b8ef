import { expect, it } from 'vitest';
import { ReplClient } from '../support/repl-client.js';
import { openPort } from 'upyw';
import { useSimFolder } from '../support/sim-folder.js';

/** Threads go on with the next board: nothing of the last one is left in them. */
useSimFolder();

async function withBoard<T>(address: string, work: (repl: ReplClient) => Promise<T>): Promise<T> {
  const port = await openPort(address);
  try {
    const repl = new ReplClient(port);
    await repl.enterRaw();
    return await work(repl);
  } finally {
    await port.close();
  }
}

const isFresh =
  'import sys, time; print("seen" in globals(), "bluetooth" in sys.modules, time.ticks_ms() < 5000)';

it('a board that is switched on after another one knows nothing of it', async () => {
  for (let count = 0; count < 6; count += 1) {
    const fresh = await withBoard(`sim:board${count % 2}?unpaced`, async (repl) => {
      const output = await repl.output(isFresh);
      await repl.output(
        'seen = bytearray(50000); import bluetooth, os; os.chdir("/"); open("f", "w").write("x")',
      );
      return output;
    });
    expect(fresh.trim()).toBe('False False True');
  }
});

it('after one that was busy, too', async () => {
  await withBoard('sim:busy?unpaced', async (repl) => {
    await repl.start('print("running")\nwhile True: pass');
    await repl.until('running');
  });
  const fresh = await withBoard('sim:next?unpaced', (repl) => repl.output(isFresh));
  expect(fresh.trim()).toBe('False False True');
});

it('a timer of the last board does not go off on the next', async () => {
  const timer = 'import machine; t = machine.Timer(0, period=5, callback=lambda _: print("tick"))';
  await withBoard('sim:ticking?unpaced', (repl) => repl.output(timer));
  const said = await withBoard('sim:still?unpaced', (repl) => repl.output('import time; time.sleep_ms(100)'));
  expect(said).toBe('');
});
