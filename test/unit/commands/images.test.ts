import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openImage } from '../../../src/images/open-image.js';
import { ImageDevice } from '../../../src/littlefs/block-device.js';
import { Littlefs } from '../../../src/littlefs/littlefs.js';
import { buildBackup, buildFirmware, buildPartitionTable, olderPartitions } from '../../support/images.js';
import { runInWorld } from '../../support/memory-world.js';
import { has } from '../../support/systems.js';

/** As MicroPython's builds with `partitions-4MiB-ffat.csv` have them. */
const fatPartitions = olderPartitions.map((each) =>
  each.label === 'vfs' ? { ...each, label: 'ffat' } : each,
);

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'upyw-images-'));
  await mkdir(join(cwd, 'src/lib'), { recursive: true });
  await writeFile(join(cwd, 'src/main.py'), 'print("hello")\n');
  await writeFile(join(cwd, 'src/lib/large.bin'), new Uint8Array(50_000).fill(7));
});
afterEach(() => rm(cwd, { recursive: true }));

const run = (line: string) => runInWorld(line.split(' '), { cwd, env: { HOME: cwd } });

async function ok(line: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run(line);
  expect(stderr.includes('✘') ? stderr : exitCode).toBe(0);
  return stdout;
}

const bytesOf = (name: string) => readFile(join(cwd, name));

describe('an image is made, looked into, and changed', () => {
  test('as a board would be', async () => {
    expect(await ok('image create src files.bin')).toBe('wrote files.bin: 2.1 MB, 2 files, 2.0 MB free\n');
    if (has('file modes')) expect((await stat(join(cwd, 'files.bin'))).mode & 0o777).toBe(0o600);
    const p = '-p image:files.bin';
    expect(await ok(`${p} tree`)).toBe(':\n├── lib/\n│   └── large.bin\n└── main.py\n');
    expect(await ok(`${p} cat main.py`)).toBe('print("hello")\n');
    await ok(`${p} get :lib/large.bin back.bin`);
    expect(Buffer.compare(await bytesOf('back.bin'), Buffer.alloc(50_000, 7))).toBe(0);
    await ok(`${p} mkdir -p :a/b`);
    await ok(`${p} put src/main.py :a/b/`);
    expect(await ok(`${p} ls -R :a`)).toBe('a/b/\na/b/main.py\n');
    await ok(`${p} rm -r :a`);
    await ok(`${p} rm :lib/*.bin`);
    await ok(`${p} rmdir :lib`);
    expect(await ok(`${p} ls -l`)).toBe('15  main.py\n');
    expect(await ok(`${p} sync src --json`)).toContain('large.bin');
    expect(await ok(`${p} sync src --json`)).not.toContain('"change"');
    await writeFile(join(cwd, 'src/main.py'), 'print("later")\n');
    await rm(join(cwd, 'src/lib'), { recursive: true });
    await ok(`${p} sync src --delete`);
    expect(await ok(`${p} ls -R`)).toBe('main.py\n');
    const { disks } = JSON.parse(await ok(`${p} df --json`)) as { disks: { totalBytes: number }[] };
    expect(disks).toMatchObject([{ path: '/', totalBytes: 0x200000 }]);
  });

  test('provisioning puts in what a board would get, and takes it out again', async () => {
    await ok('image create src files.bin');
    const p = '-p image:files.bin';
    const told = await ok(`${p} provision --ssid workshop`);
    expect(told).toContain('the board that it is written to does it at its start');
    expect(await ok(`${p} cat config.py`)).toContain("wifi_ssid = 'workshop'");
    expect(await ok(`${p} cat boot.py`)).toContain('wifi_and_ntp.startup()');
    await ok(`${p} provision --undo`);
    expect(await ok(`${p} ls`)).toBe('lib/\nmain.py\n');
  });

  test('a dry run, and what fails, leave it as it is', async () => {
    await ok('image create src files.bin');
    const before = await bytesOf('files.bin');
    await writeFile(join(cwd, 'huge.bin'), new Uint8Array(3_000_000));
    for (const [line, code] of [
      ['put -n src/main.py :x.py', undefined],
      ['rm -n -r :lib', undefined],
      ['rm nothing.py', 'board/not-found'],
      ['rm main.py nothing.py', 'board/not-found'],
      ['rm lib', 'board/is-folder'],
      ['cat lib', 'board/is-folder'],
      ['mkdir lib', 'board/exists'],
      ['mkdir main.py/x', 'board/not-a-folder'],
      ['rmdir lib', 'board/not-empty'],
      ['rmdir main.py', 'board/not-a-folder'],
      ['ls nothing', 'board/not-found'],
      ['put src/main.py huge.bin :', 'board/no-space'],
      ['put src/main.py :nowhere/x.py', 'board/not-found'],
      ['run src/main.py', 'image/no-board'],
      ['chip', 'image/no-board'],
    ] as const) {
      const { exitCode, stderr } = await run(`-p image:files.bin ${line}`);
      expect([line, exitCode === 0 ? undefined : /^ {2}(\S+\/\S+)$/m.exec(stderr)?.[1]]).toEqual([
        line,
        code,
      ]);
      if (code?.startsWith('board/not-') === true) expect(stderr).toContain('in files.bin');
    }
    expect(Buffer.compare(await bytesOf('files.bin'), before)).toBe(0);
  });

  test.skipIf(process.platform === 'win32')('a pipe in its place is told, and not waited for', async () => {
    await execa('mkfifo', [join(cwd, 'pipe')]);
    expect((await run('-p image:pipe ls')).stderr).toContain('file/not-ordinary');
  });

  test('it keeps its mode, and goes in one step or not at all', async () => {
    await ok('image create src files.bin');
    await chmod(join(cwd, 'files.bin'), 0o640);
    await ok('-p image:files.bin put src/main.py :again.py');
    if (has('file modes')) expect((await stat(join(cwd, 'files.bin'))).mode & 0o777).toBe(0o640);
    const image = await openImage(join(cwd, 'files.bin'), 'files.bin', () => 0);
    await image.files.removePaths(['again.py']);
    await utimes(join(cwd, 'files.bin'), 1, 1);
    const writes: string[] = [];
    const saving = image.save((path) => Promise.resolve(void writes.push(path)));
    await expect(saving).rejects.toMatchObject({ code: 'image/changed' });
    expect(writes).toEqual([]);
  });
});

describe('a backup', () => {
  /** With files, as a board has them. */
  async function backup(): Promise<Uint8Array> {
    const bytes = buildBackup();
    const region = bytes.subarray(0x200000, 0x400000);
    Littlefs.format(new ImageDevice(region));
    Littlefs.mount(new ImageDevice(region)).write('boot.py', new TextEncoder().encode('# boot\n'));
    await writeFile(join(cwd, 'backup.bin'), bytes, { mode: 0o600 });
    return bytes;
  }

  test('changes in its file system only', async () => {
    const before = await backup();
    expect(await ok('-p image:backup.bin ls')).toBe('boot.py\n');
    await ok('-p image:backup.bin put src/main.py');
    const after = await bytesOf('backup.bin');
    expect(after).toHaveLength(before.length);
    expect(Buffer.compare(after.subarray(0, 0x200000), before.subarray(0, 0x200000))).toBe(0);
    expect(await ok('image info backup.bin')).toMatch(/^files +littlefs 2\.0, .* used, files: 2$/m);
    await ok('image create src like.bin --like backup.bin');
    expect(await bytesOf('like.bin')).toHaveLength(0x200000);
  });

  test('without files, and what is none, are told', async () => {
    await backup();
    await writeFile(join(cwd, 'blank.bin'), (await bytesOf('backup.bin')).fill(0xff, 0x200000));
    await writeFile(join(cwd, 'text.bin'), 'text\n');
    for (const name of ['blank.bin', 'text.bin']) {
      const { exitCode, stderr } = await run(`-p image:${name} ls`);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('image/no-file-system')]);
    }
    expect((await run('-p image:missing.bin ls')).stderr).toContain('file/not-found');
    for (const [sizeBytes, what] of [
      [0x180000, 'a firmware that ends before the place of the files'],
      [0x300000, 'cut off in the middle of the files'],
    ] as const) {
      const whole = buildBackup(
        0x400000,
        buildFirmware({ flashOffset: 0, table: buildPartitionTable(olderPartitions) }),
      );
      await writeFile(join(cwd, 'cut.bin'), whole.subarray(0, sizeBytes));
      expect((await run('-p image:cut.bin ls')).stderr).toContain(`it is ${what}`);
    }
    await writeFile(join(cwd, 'encrypted.bin'), randomBytes(0x400000));
    expect((await run('-p image:encrypted.bin ls')).stderr).toContain('as the flash of an encrypted chip');
  });
});

describe('FAT', () => {
  test('is looked into and changed as littlefs is', async () => {
    expect(await ok('image create src files.bin --fs fat --size 1M')).toMatch(
      /^wrote files\.bin: 1\.0 MB of FAT, 2 files, /,
    );
    const p = '-p image:files.bin';
    expect(await ok(`${p} tree`)).toBe(':\n├── lib/\n│   └── large.bin\n└── main.py\n');
    await ok(`${p} get :lib/large.bin back.bin`);
    expect(Buffer.compare(await bytesOf('back.bin'), Buffer.alloc(50_000, 7))).toBe(0);
    await ok(`${p} put src/main.py ${':a longer name.py'.replaceAll(' ', '-')}`);
    await ok(`${p} rm :lib/large.bin`);
    await ok(`${p} rmdir :lib`);
    expect(await ok(`${p} ls`)).toBe('a-longer-name.py\nmain.py\n');
    expect(await ok('image info files.bin')).toMatch(/^files +FAT1[26], .* used, files: 2$/m);
    expect(await ok(`${p} sync src --delete`)).toBeDefined();
    expect(await ok('image diff files.bin src')).toBe('files.bin and src hold the same\n');
    await ok('image create src like.bin --like files.bin');
    expect(await ok('image info like.bin')).toMatch(/^files +FAT/m);
  });

  test('its errors are those of other images', async () => {
    await ok('image create src files.bin --fs fat --size 512k');
    await writeFile(join(cwd, 'huge.bin'), new Uint8Array(600_000));
    for (const [line, code] of [
      ['put huge.bin :', 'board/no-space'],
      ['put src/main.py :a:b', 'board/bad-path'],
      ['put src/main.py :lib', undefined],
      ['mkdir lib', 'board/exists'],
      ['rmdir lib', 'board/not-empty'],
      ['cat lib', 'board/is-folder'],
      ['cat nothing', 'board/not-found'],
    ] as const) {
      const { exitCode, stderr } = await run(`-p image:files.bin ${line}`);
      const told = exitCode === 0 ? undefined : /^ {2}(\S+\/\S+)$/m.exec(stderr)?.[1];
      expect([line, told]).toEqual([line, code]);
    }
    const { stderr } = await run('image create src small.bin --fs fat --size 128k');
    expect(stderr).toContain('image/too-small');
  });

  test('is found on a card behind its table of partitions, and in a partition called ffat', async () => {
    await ok('image create src files.bin --fs fat --size 1M');
    const files = await bytesOf('files.bin');
    const card = new Uint8Array(1024 * 1024 + 8192);
    const table = new DataView(card.buffer);
    card.set([0x55, 0xaa], 510);
    card[446 + 4] = 0x06;
    table.setUint32(446 + 8, 8192 / 512, true);
    table.setUint32(446 + 12, files.length / 512, true);
    card.set(files, 8192);
    await writeFile(join(cwd, 'card.img'), card);
    expect(await ok('-p image:card.img ls')).toBe('lib/\nmain.py\n');

    const backup = buildBackup(
      0x400000,
      buildFirmware({ flashOffset: 0, table: buildPartitionTable(fatPartitions) }),
    );
    backup.set(files, 0x200000);
    await writeFile(join(cwd, 'backup.bin'), backup);
    await ok('-p image:backup.bin put src/main.py :new.py');
    expect(await ok('-p image:backup.bin ls')).toBe('lib/\nmain.py\nnew.py\n');
    await writeFile(join(cwd, 'blank.bin'), backup.fill(0xff, 0x200000));
    await ok('image create src made.bin --like blank.bin');
    expect(await ok('image info made.bin')).toMatch(/^files +FAT/m);
  });
});

test('two are compared, and one with a folder', async () => {
  await ok('image create src old.bin');
  expect(await ok('image diff old.bin src')).toBe('old.bin and src hold the same\n');
  await writeFile(join(cwd, 'src/main.py'), 'print("later")\n');
  await writeFile(join(cwd, 'src/new.py'), '');
  await rm(join(cwd, 'src/lib'), { recursive: true });
  await ok('image create src new.bin');
  const expected = {
    same: false,
    onlyLeft: ['lib', 'lib/large.bin'],
    onlyRight: ['new.py'],
    different: ['main.py'],
  };
  expect(JSON.parse(await ok('image diff old.bin new.bin --json'))).toMatchObject(expected);
  expect(JSON.parse(await ok('image diff old.bin src --json'))).toMatchObject(expected);
  expect(JSON.parse(await ok('-p image:new.bin image diff old.bin --json'))).toMatchObject(expected);
});

test('what is too small or too large for an image is told before it is written', async () => {
  for (const [size, code] of [
    ['5000', 'usage/bad-value'],
    ['4096', 'usage/bad-value'],
    ['16384', 'board/no-space'],
  ]) {
    const { exitCode, stderr } = await run(`image create src small.bin --size ${size ?? ''}`);
    expect([exitCode === 0, stderr]).toEqual([false, expect.stringContaining(code ?? '')]);
  }
  await expect(bytesOf('small.bin')).rejects.toThrow();
});
