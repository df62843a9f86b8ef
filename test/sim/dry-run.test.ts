import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allCommands } from '../support/all-commands.js';
import { Workplace } from '../support/virtual-board.js';
import { buildStandIn } from '../../src/sim/chip/stand-in.js';
import { runInWorld } from '../support/memory-world.js';

/** `--dry-run` changes nothing, neither on the board nor on this computer: of every command whose help has it. */

let here: Workplace;
beforeAll(async () => {
  here = await Workplace.open({ inTest: true });
  await mkdir(here.path('src'));
  await writeFile(here.path('src/main.py'), 'open("ran", "w").close()\n');
  await on('put', '-r', 'src/.', ':');
  for (const name of ['package', 'other']) {
    await mkdir(here.path(name));
    await writeFile(here.path(name, 'a.py'), 'a = 1\n');
    await writeFile(here.path(name, 'package.json'), '{"urls": [["a.py", "a.py"]]}');
  }
  await on('mip', 'install', './package');
  await writeFile(here.path('package/a.py'), 'a = 2\n');
  await on('mkdir', 'empty');
  await mkdir(here.path('mirror'));
  await writeFile(here.path('mirror/ESP32_GENERIC-20251210-v1.27.0.bin'), buildStandIn());
  await on('backup', 'backup.bin');
  await on('put', 'src/main.py', ':more.py');
});
afterAll(() => here.close());

const port = 'sim:dry?unpaced&wifi=workshop';
const on = (...args: string[]) => here.run('-y', '-p', port, ...args);

/** What each would do, were it not for the flag. */
const lines: Readonly<Record<string, string>> = {
  put: 'put src/main.py :new.py',
  get: 'get main.py here.py',
  sync: 'sync src --delete',
  cp: 'cp main.py copy.py',
  mv: 'mv main.py moved.py',
  touch: 'touch new.py',
  rtc: 'rtc --set',
  'mip install': 'mip install ./other',
  'mip remove': 'mip remove ./package',
  'mip update': 'mip update',
  'mip mirror': 'mip mirror aioble stick',
  rm: 'rm main.py',
  mkdir: 'mkdir lib',
  rmdir: 'rmdir empty',
  run: 'run src/main.py',
  exec: 'exec open("ran","w").close()',
  reset: 'reset',
  flash: 'flash --with src',
  backup: 'backup again.bin',
  restore: 'restore backup.bin',
  erase: 'erase',
  init: 'init',
  provision: 'provision --ssid workshop',
  'firmware fetch': 'firmware fetch ESP32_GENERIC',
  'firmware prune': 'firmware prune',
  completion: 'completion bash --install',
  name: 'name desk',
  keys: 'keys --random --save --out db.json',
  'image create': 'image create src new.bin',
  'sim reset': 'sim reset dry',
};

const dryRuns = allCommands.filter(([, { flags }]) => flags.includes('--dry-run')).map(([name]) => name);

/** All files below the test's folder, with their digests: the board's flash is one of them. */
async function everything(): Promise<Record<string, string>> {
  const entries = await readdir(here.folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`);
  const digests = await Promise.all(
    files.map(async (path) => [
      path,
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ]),
  );
  return Object.fromEntries(digests) as Record<string, string>;
}

it.each(dryRuns)('upyw %s -n', async (name) => {
  const line = lines[name];
  expect(line, 'a line for it').toBeDefined();
  const before = await everything();
  const env = {
    ...here.world.env,
    UPYW_FIRMWARE_URL: here.path('mirror'),
    UPYW_CACHE_DIR: here.path('cache'),
  };
  const words = ['-y', '-n', '-p', port, ...(line ?? '').split(' ')];
  const { exitCode, stderr } = name.startsWith('firmware')
    ? await runInWorld(words, { ...here.world, env })
    : await here.run(...words);
  expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('✘')]);
  expect(await everything()).toEqual(before);
});
