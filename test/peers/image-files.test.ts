import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runInWorld } from '../support/memory-world.js';
import { ImageSectors } from '../../src/fat/fat-device.js';
import { FatLibrary } from '../../src/fat/fat.js';
import { describeWithPeers } from '../support/peers.js';

/** Images that upyw makes, in real MicroPython, and the other way round. */

const script = join(import.meta.dirname, '../support/file_system.py');
/** From nothing to what needs many clusters, with names that FAT has in its long form. */
const sizes = {
  'main.py': 20,
  'lib/a rather long name.mpy': 40_000,
  'lib/deep/empty.txt': 0,
  'žába.py': 4096,
};

type Tree = Readonly<Record<string, string>>;

describeWithPeers('file systems that MicroPython and upyw make', ['micropython'], () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'upyw-image-files-'));
    await mkdir(join(cwd, 'src/lib/deep'), { recursive: true });
    for (const [name, size] of Object.entries(sizes)) {
      const content = Uint8Array.from({ length: size }, (_, index) => (index * 7 + size) % 251);
      await writeFile(join(cwd, 'src', name), content);
    }
  });
  afterAll(() => rm(cwd, { recursive: true }));

  async function upyw(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await runInWorld(args, { cwd, env: { HOME: cwd } });
    expect(exitCode === 0 ? '' : stdout + stderr).toBe('');
    return stdout;
  }

  /** What MicroPython finds in an image, as hexadecimal SHA-256 of each file. `does` is done first. */
  async function micropython(image: string, kind: string, blockBytes: number, does: string): Promise<Tree> {
    const { stdout } = await execa('micropython', [script, image, kind, String(blockBytes), does], { cwd });
    return JSON.parse(stdout) as Tree;
  }

  async function ours(image: string): Promise<Tree> {
    const names = await upyw('-p', `image:${image}`, 'ls', '-R', '--json');
    const { entries } = JSON.parse(names) as { entries: { path: string; type: string }[] };
    const found: Record<string, string> = {};
    for (const { path, type } of entries.filter((entry) => entry.type === 'file')) {
      await rm(join(cwd, 'back'), { force: true });
      await upyw('-p', `image:${image}`, 'get', `:${path}`, 'back');
      expect(type).toBe('file');
      found[path] = await digestOf('back');
    }
    return found;
  }

  async function digestOf(name: string): Promise<string> {
    const digest = await crypto.subtle.digest('SHA-256', await readFile(join(cwd, name)));
    return Buffer.from(digest).toString('hex');
  }

  async function source(): Promise<Tree> {
    const found: Record<string, string> = {};
    for (const name of Object.keys(sizes)) found[name] = await digestOf(join('src', name));
    return found;
  }

  it.each([
    ['fat', 'VfsFat', '512k'],
    ['fat', 'VfsFat', '2M'],
    ['littlefs', 'VfsLfs2', '2M'],
  ])('%s for %s, of %s', async (type, kind, size) => {
    const image = `${type}-${size}.bin`;
    await upyw('image', 'create', 'src', image, '--fs', type, '--size', size);
    expect(await micropython(image, kind, 4096, 'look')).toEqual(await source());
    const changed = await micropython(image, kind, 4096, 'change');
    expect(Object.keys(changed).sort()).toEqual(['lib/deep/empty.txt', 'lib/new.py', 'main.py', 'žába.py']);
    expect(await ours(image)).toEqual(changed);
    await upyw('-p', `image:${image}`, 'sync', 'src', '--delete');
    expect(await micropython(image, kind, 4096, 'look')).toEqual(await source());
  });

  it.each([
    [50, 512],
    [127, 512],
    [60, 4096],
  ])('FAT of %i sectors of %i bytes, both ways', async (sectorCount, sectorBytes) => {
    const library = await FatLibrary.load();
    const image = new Uint8Array(sectorCount * sectorBytes).fill(0xff);
    const [ours, theirs] = [join(cwd, 'tiny.bin'), join(cwd, 'tiny-theirs.bin')];
    const written = new Uint8Array(7 * sectorBytes).map((_, at) => at * 31);
    library.format(new ImageSectors(image, sectorBytes));
    const fat = library.mount(new ImageSectors(image, sectorBytes));
    fat.write('a.bin', written);
    await writeFile(ours, image);
    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', written)).toString('hex');
    expect(await micropython('tiny.bin', 'VfsFat', sectorBytes, 'look')).toEqual({ 'a.bin': sha256 });

    await writeFile(theirs, new Uint8Array(sectorCount * sectorBytes).fill(0xff));
    await micropython('tiny-theirs.bin', 'VfsFat', sectorBytes, 'make');
    const made = new Uint8Array(await readFile(theirs));
    const their = library.mount(new ImageSectors(made, sectorBytes));
    expect(their.space()).toEqual({ ...fat.space(), usedBlocks: 0 });
    const { blockBytes, blockCount } = their.space();
    their.write('all', new Uint8Array(blockBytes * blockCount).fill(1));
    expect(() => {
      their.write('more', Uint8Array.of(1));
    }).toThrow('full');
    await writeFile(theirs, made);
    const found = await micropython('tiny-theirs.bin', 'VfsFat', sectorBytes, 'look');
    expect(Object.keys(found)).toContain('all');
  });

  it.each([512, 4096])('FAT of MicroPython, with sectors of %i bytes', async (sectorBytes) => {
    const image = `theirs-${sectorBytes}.bin`;
    await writeFile(join(cwd, image), new Uint8Array(1024 * 1024).fill(0xff));
    expect(await micropython(image, 'VfsFat', sectorBytes, 'make')).toEqual({});
    await upyw('-p', `image:${image}`, 'sync', 'src');
    expect(await micropython(image, 'VfsFat', sectorBytes, 'look')).toEqual(await source());
  });
});
