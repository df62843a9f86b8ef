import { randomBytes } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import { describe, expect, it, type TestContext } from 'vitest';
import { openPort } from 'upyw';
import { Board } from '../../src/board/board.js';
import { useSimFolder } from '../support/sim-folder.js';
import { pressReset } from '../support/switched-on.js';
import { Workplace } from '../support/virtual-board.js';

/** Boards that do not get to a prompt by themselves, and what is said of them. */
useSimFolder();

async function open({ onTestFinished }: TestContext, options: Parameters<typeof Workplace.open>[0] = {}) {
  const here = await Workplace.open(options);
  onTestFinished(() => here.close());
  return here;
}

/** From a reset until main.py runs: a command that comes before meets a board that starts. */
const hasStarted = () => new Promise((resolve) => setTimeout(resolve, 2500));
const sleeper = 'import machine\nprint("measured")\nmachine.deepsleep(30000)\n';
const catchesAll = 'import time\nwhile True:\n    try:\n        time.sleep(1)\n    except:\n        pass\n';

describe.concurrent('a board that restarts again and again', { timeout: 60_000 }, () => {
  it.each([
    ['panic', 'its firmware crashes', /Guru Meditation/, /for another chip/],
    ['brownout', 'its supply voltage drops', /Brownout detector/, /USB cable/],
    ['restarts', 'restarts it', /SW_CPU_RESET/, /machine\.reset/],
  ] as const)('says so, and why: %s', async (fault, why, said, remedy) => {
    const here = await Workplace.open();
    try {
      const error = await here.failure('ls', '-p', `sim:?fault=${fault}`);
      expect(error).toMatchObject({ code: 'rawrepl/restarts', exitCode: 3 });
      expect(error.message).toContain('restarts again and again');
      expect(error.message).toContain(why);
      expect(error.message).toMatch(said);
      expect(error.hint).toMatch(remedy);
    } finally {
      await here.close();
    }
  });

  it('is told so by flash, which has written all the same', async (context) => {
    const here = await open(context);
    const error = await here.failure('flash', '-y', '-p', 'sim:?unpaced&fault=panic');
    expect(error).toMatchObject({ code: 'rawrepl/restarts', details: { cause: 'panic' } });
    expect(await here.ok('eval', '1')).toBe('1\n');
  });
});

describe('a program that cannot be interrupted', { timeout: 60_000 }, () => {
  it('is caught as it starts where it sleeps, by a reset that is announced', async (context) => {
    const here = await open(context, { served: 'latency=0' });
    await writeFile(here.path('main.py'), sleeper);
    await here.ok('put', 'main.py');
    await here.ok('reset');
    await hasStarted();
    const forbidden = await here.failure('ls', '--no-reset', '--timeout', '2');
    expect(forbidden).toMatchObject({ code: 'rawrepl/no-prompt', exitCode: 3 });
    expect(forbidden.hint).toContain('--no-reset');
    const { exitCode, stdout, stderr } = await here.run('ls', '--timeout', '2');
    expect(stderr).toMatch(/! .*the board is reset.*--no-reset forbids it/);
    expect([exitCode, stdout]).toEqual([0, 'boot.py\nmain.py\n']);
  });

  it('is met by a steady Ctrl-C when somebody taps EN, whenever that is', async () => {
    for (const tappedAfterMs of [1300, 3100]) {
      const port = await openPort('sim:tapped');
      try {
        const board = await Board.connect(port);
        await board.write('/main.py', new TextEncoder().encode(sleeper));
        await board.softReset();
        await new Promise((resolve) => setTimeout(resolve, 500));
        const tapped = new Promise((resolve) => setTimeout(resolve, tappedAfterMs)).then(() =>
          pressReset(port),
        );
        const again = await Board.connect(port, { timeoutMs: 20_000 });
        await tapped;
        expect((await again.list('/')).map(({ name }) => name)).toEqual(['boot.py', 'main.py']);
      } finally {
        await port.close();
      }
    }
  });

  it('is named where even that does not help, with how the files are saved', async (context) => {
    const here = await open(context, { served: 'latency=0' });
    await writeFile(here.path('main.py'), catchesAll);
    await here.ok('put', 'main.py');
    await here.ok('reset');
    await hasStarted();
    const error = await here.failure('ls', '--timeout', '2');
    expect(error).toMatchObject({ code: 'rawrepl/no-prompt', details: { wasReset: true } });
    expect(error.hint).toContain('cannot be interrupted');
    expect(error.hint).toContain('upyw backup');
    expect(error.hint).not.toContain('upyw flash');
  });
});

describe('a transfer that was killed at a raised rate', { timeout: 60_000, retry: 1 }, () => {
  it.each(['unpaced', 'latency=1'])('does not keep the next command waiting (%s)', async (options) => {
    const here = await Workplace.open({ served: options });
    try {
      await writeFile(here.path('new.bin'), randomBytes(400_000));
      for (const afterBytes of [60_000, 130_000]) {
        const trace = here.path(`wire-${afterBytes}.log`);
        const running = here.start(['put', 'new.bin', '--trace', trace]);
        const sizeOf = () =>
          stat(trace).then(
            ({ size }) => size,
            () => 0,
          );
        await expect.poll(sizeOf, { timeout: 20_000, interval: 10 }).toBeGreaterThan(afterBytes);
        running.kill('SIGKILL');
        await running;
        const startMs = performance.now();
        expect(await here.ok('eval', '1')).toBe('1\n');
        expect(performance.now() - startMs).toBeLessThan(8000);
      }
    } finally {
      await here.close();
    }
  });
});
