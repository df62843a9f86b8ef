import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findVolume } from '../../src/images/find-volume.js';
import { pattern } from '../support/images.js';
import { type Ran, Workplace } from '../support/virtual-board.js';

/** Firmware and files in one write. */

const password = 'n0t-to-be-seen';
let here: Workplace;
beforeAll(async () => {
  here = await Workplace.open({ inTest: true });
  await mkdir(here.path('src/lib'), { recursive: true });
  await writeFile(here.path('src/main.py'), 'print("from main")\n');
  await writeFile(here.path('src/lib/data.bin'), pattern(40_000, 3));
  await writeFile(here.path('src/notes.txt'), 'for people\n');
  await writeFile(here.path('src/.upywignore'), '*.txt\n');
});
afterAll(() => here.close());

const on = (board: string, ...args: string[]): Promise<Ran> =>
  here.run('-p', `sim:${board}?unpaced&wifi=workshop:${password}`, ...args);

/** Where the files are on a board's chip. */
async function filesOf(board: string): Promise<Uint8Array> {
  const flash = await readFile(here.path('.boards', board, 'flash.bin'));
  const volume = findVolume(flash);
  if (volume === undefined || !('offset' in volume)) throw new Error('no place for files');
  return flash.subarray(volume.offset, volume.offset + volume.sizeBytes);
}

describe('flash --with', () => {
  it('puts a folder on the board, the same on each, and starts it', async () => {
    for (const board of ['one', 'two']) {
      const { exitCode, stdout, stderr } = await on(board, 'flash', '--with', 'src');
      expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('✘')]);
      expect(stdout).toMatch(/^the stand-in and 2 files are on the ESP32 .*, verified: /);
    }
    const [one, two] = await Promise.all(['one', 'two'].map(filesOf));
    expect(one !== undefined && two !== undefined && Buffer.compare(one, two)).toBe(0);
    expect((await on('one', 'ls', '-R')).stdout).toBe('lib/\nlib/data.bin\nmain.py\n');
    await on('one', 'get', ':lib/data.bin', 'back.bin');
    expect(Buffer.compare(await readFile(here.path('back.bin')), pattern(40_000, 3))).toBe(0);
    const again = await on('one', 'flash', '--with', 'src', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ files: 2, writtenBytes: 0, erasedBytes: 0 });
  });

  it('takes the place of the files that were there', async () => {
    await on('old', 'exec', 'open("left.py", "w").write("x" * 9000)');
    await on('old', 'flash', '--with', 'src');
    expect((await on('old', 'ls')).stdout).toBe('lib/\nmain.py\n');
  });

  it('provisions as upyw provision does, and sees the board in its network', async () => {
    const args = ['flash', '--with', 'src', '--provision', '--ssid', 'workshop', '--password', password];
    const dry = await on('wifi', ...args, '--dry-run');
    expect(dry.stdout).toMatch(/^would write the stand-in and 8 files to the ESP32/);
    const { exitCode, stdout, stderr } = await on('wifi', ...args);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^connected to "workshop" in .* s: /m)]);
    expect(stdout + stderr).not.toContain(password);
    const files = (await on('wifi', 'ls')).stdout.split('\n');
    expect(files).toEqual(expect.arrayContaining(['boot.py', 'config.py', 'main.py', 'wifi_and_ntp.py']));
    const plan = await on('wifi', 'provision', '--ssid', 'workshop', '--password', password, '-n');
    expect(plan.stdout).not.toMatch(/^(?:new|changed)/m);
    const unseen = await on('far', ...args, '--no-check', '--ssid', 'elsewhere');
    expect(unseen.stdout).toMatch(/verified: .*\nMicroPython \S+ answers\n$/);
  });

  it('touches nothing when the files do not fit, are not there, or make no sense', async () => {
    await on('full', 'exec', 'open("mine.py", "w").close()');
    await mkdir(here.path('huge'));
    await writeFile(here.path('huge/a.bin'), pattern(3_000_000, 5));
    for (const [args, code] of [
      [['--with', 'huge'], 'firmware/files-too-large'],
      [['--with', 'nowhere'], 'file/not-found'],
      [['--with', 'src/main.py'], 'file/not-a-folder'],
      [['--with', 'src', '--keep-files'], 'usage/arguments'],
      [['--provision', '--offset', '0x10000', '--ssid', 'workshop'], 'usage/arguments'],
      [['--ssid', 'workshop'], 'usage/arguments'],
      [['--provision'], 'usage/no-ssid'],
    ] as const) {
      const { exitCode, stderr } = await on('full', 'flash', ...args);
      expect([args, exitCode === 0, stderr]).toEqual([args, false, expect.stringContaining(code)]);
    }
    expect((await on('full', 'ls')).stdout).toContain('mine.py');
  });
});
