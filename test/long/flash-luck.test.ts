import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInWorld } from '../support/memory-world.js';
import { FlashPlace, sha256 } from '../support/flash-place.js';
import { buildApp } from '../support/images.js';

/** What may go wrong with a chip, its flash and the line to it. */
const place = FlashPlace.use();
const { flashOf, inProcess, json, local, upyw } = place;

describe.concurrent('bad luck', { timeout: 60_000 }, () => {
  it('a board that does not enter its loader', async () => {
    const { exitCode, stderr } = await upyw('auto', ['chip'], '&fault=no-auto-reset');
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/loader\/no-sync/);
    expect(stderr).toContain('Hold BOOT');
  });

  it.each(['rts', 'dtr'])('an adapter that has %s inverted', async (line) => {
    const fault = `&fault=inverted-${line}`;
    expect(await upyw(line, ['chip'], fault)).toMatchObject({ exitCode: 3 });
    expect(await upyw(line, ['chip', `--${line}`, '1'], fault)).toMatchObject({ exitCode: 0 });
    expect(await upyw(line, ['eval', '6 * 7', `--${line}`, '1'], fault)).toMatchObject({ stdout: '42\n' });
    expect(await upyw(line, ['chip', `--${line}`, '2'], fault)).toMatchObject({ exitCode: 2 });
  });

  it('a board whose lines are wired in a way of its own', async () => {
    const port = 'sim:swapped?unpaced&fault=swapped-lines';
    expect(await place.here.run('-p', port, 'chip')).toMatchObject({ exitCode: 3 });
    const cwd = place.here.path('swapped');
    await mkdir(cwd);
    const withLines = async (lines: object, ...args: string[]) => {
      await writeFile(join(cwd, 'upyw.config.json'), JSON.stringify({ lines }));
      return runInWorld(['-p', port, ...args], { ...place.here.world, cwd });
    };
    const loader = 'D1|R0|W0.1|U0,1|W0.05|R0';
    expect(await withLines({ loader, reset: 'D1 | W.1 | D0' }, 'chip')).toMatchObject({ exitCode: 0 });
    // What is written has to start, and to answer.
    expect(await withLines({ loader, reset: 'D1|W0.1|D0' }, 'flash')).toMatchObject({ exitCode: 0 });
    expect(await withLines({ reset: 'D1|W0.1s' }, 'chip')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('custom_reset_sequence') as string,
    });
  });

  it('a rate that fails, a stub that does not start', async () => {
    expect(await json('rate', ['flash'], '&fault=max-baud:300000,silent-stub')).toMatchObject({
      ok: true,
      warnings: [
        expect.stringContaining('the stub does not start'),
        'this line does not carry 921600 baud; trying 460800',
        'this line does not carry 460800 baud; trying 230400',
      ],
    });
  });

  it('a line with noise', async () => {
    await upyw('noise', ['erase']);
    expect(await json('noise', ['flash'], '&fault=noise:0.00003')).toMatchObject({ ok: true });
    expect(await upyw('noise', ['backup', 'noise.bin'], '&fault=lost:0.00003')).toMatchObject({
      exitCode: 0,
    });
    const flash = await flashOf('noise');
    expect(sha256((await readFile(join(place.home, 'noise.bin'))).subarray(0, flash.length))).toBe(
      sha256(flash),
    );
  });

  it('power that is lost in the middle: the message says what is, the next try mends it', async () => {
    await upyw('power', ['erase']);
    const { exitCode, stderr } = await inProcess('power', ['flash'], '&fault=power-loss:50000');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('The chip holds only part of the firmware and does not start');
    expect(stderr).toContain('upyw flash');
    expect(await json('power', ['flash'])).toMatchObject({ ok: true, micropython: '1.27.0' });
  });

  it('a write that changes something else, too', async () => {
    await local('stay.py', 'x = 1\n');
    await upyw('stray', ['put', 'stay.py']);
    const app = await local('stray.bin', buildApp(30_000));
    const result = await upyw('stray', ['flash', app, '--offset', '0x110000'], '&fault=stray-write:0x205000');
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain('between 0x200000 and 0x210000');
    expect(result.stderr).toContain('upyw restore FILE');
    expect(result.stderr).toContain('loader/neighbours-changed');
  });

  it('a flash that does not keep what it is given', async () => {
    await upyw('worn', ['erase']);
    const { exitCode, stderr } = await upyw('worn', ['flash'], '&fault=bad-write:0x20000');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('loader/write-failed');
    await upyw('worn', ['flash']);
    expect((await upyw('worn', ['erase'], '&fault=bad-erase:0x20000')).stderr).toMatch(
      /loader\/write-failed|^$/,
    );
  });
});
