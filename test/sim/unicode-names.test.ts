import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Workplace } from '../support/virtual-board.js';

const composed = 'ž.py'.normalize('NFC');
const decomposed = 'ž.py'.normalize('NFD');

/** HFS+ stores the second, APFS what it was given; both show one file by either name (Apple's "File System Details"). */
describe('a name that Unicode can write in two ways', () => {
  let here: Workplace;
  beforeAll(async () => {
    here = await Workplace.open({ served: true, inTest: true });
    for (const folder of ['mac', 'linux'])
      await mkdir(here.path(folder, 'díl'.normalize('NFD')), { recursive: true });
    await writeFile(here.path('mac', 'díl'.normalize('NFD'), decomposed), 'x = 1\n');
    await writeFile(here.path('alone-ž.py'.normalize('NFD')), 'x = 2\n');
  });
  afterAll(() => here.close());

  test('is one file on the board, and is not sent twice', async () => {
    const sync = async () =>
      (JSON.parse(await here.ok('sync', 'mac', ':lib', '--json')) as { files: { remote: string }[] }).files;
    const path = `lib/díl/${composed}`.normalize('NFC');
    expect((await sync()).map(({ remote }) => remote)).toEqual([path]);
    expect(await sync()).toEqual([]);
    await here.ok('put', '-r', 'mac', ':lib2');
    expect(await here.ok('ls', ':lib2/díl'.normalize('NFC'))).toBe(`${composed}\n`);
    await here.ok('put', 'alone-ž.py'.normalize('NFD'));
    expect(await here.ok('cat', ':alone-ž.py'.normalize('NFC'))).toBe('x = 2\n');
  });

  test('stays as the board has it, where another program wrote it in the other form', async () => {
    const [folder, main, other] = ['díl', 'ž.py', 'š.py'].map((name) => name.normalize('NFD'));
    await here.ok('exec', `import os; os.mkdir('its'); os.mkdir('its/${folder}')`);
    await here.ok('exec', `for n in ('${main}', '${other}'): open('its/${folder}/' + n, 'w').write('old')`);
    const sync = async () => {
      const done = JSON.parse(await here.ok('sync', 'mac', ':its', '--delete', '--yes', '--json')) as {
        files: { remote: string }[];
        removed: string[];
      };
      return [done.files.map(({ remote }) => remote), done.removed];
    };
    await writeFile(here.path('mac', 'díl'.normalize('NFD'), 'ř.py'), 'x = 5\n');
    expect(await sync()).toEqual([
      expect.arrayContaining([`its/${folder}/${main}`, `its/${folder}/${'ř.py'.normalize('NFC')}`]),
      [`its/${folder}/${other}`],
    ]);
    expect(await sync()).toEqual([[], []]);
    expect(await here.ok('ls', ':its')).toBe(`${folder}/\n`);
    await here.ok('rm', '-r', ':its');
  });

  test('is told where this computer has both', async () => {
    await writeFile(here.path('linux', composed), 'x = 3\n');
    await writeFile(here.path('linux', decomposed), 'x = 4\n');
    const { exitCode, stderr } = await here.run('sync', 'linux', ':both');
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`${decomposed} is left out`);
    expect(await here.ok('cat', `:both/${composed}`)).toBe('x = 3\n');
  });
});
