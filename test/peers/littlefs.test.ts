import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ImageDevice } from '../../src/littlefs/block-device.js';
import { Littlefs } from '../../src/littlefs/littlefs.js';
import {
  type Step,
  follow,
  randomNumbers,
  randomStep,
  take,
  toText,
  treeOf,
} from '../support/littlefs-histories.js';
import { describeWithPeers } from '../support/peers.js';

interface Said {
  readonly done: readonly boolean[];
  /** Null where the power went. */
  readonly tree: readonly string[] | null;
  readonly before: readonly string[] | null;
}

const script = join(import.meta.dirname, '../support/littlefs.py');
const blockBytes = 4096;
const sessions = 4;
/** Three versions in three sizes, and two orders, come together in each six of them. */
const seeds = Array.from(
  { length: Number(process.env['UPYW_LITTLEFS_HISTORIES'] ?? 12) },
  (_, index) => index,
);

describeWithPeers("real MicroPython's littlefs and ours", ['micropython'], () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'upyw-littlefs-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Lets MicroPython take steps on an image, which is changed. */
  async function micropython(
    name: string,
    image: Uint8Array,
    steps: readonly Step[],
    ...flags: string[]
  ): Promise<Said> {
    const [path, stepsPath] = [join(folder, name), join(folder, `${name}.json`)];
    await Promise.all([writeFile(path, image), writeFile(stepsPath, JSON.stringify(steps))]);
    const { stdout } = await execa('micropython', ['-X', 'heapsize=16m', script, path, stepsPath, ...flags]);
    image.set(await readFile(path));
    return JSON.parse(stdout) as Said;
  }

  const said = ({ tree }: Said) => tree?.toSorted().join('\n');
  const mount = (image: Uint8Array, seed = 0, cycles?: number) =>
    Littlefs.mount(new ImageDevice(image), seed, cycles);
  const fresh = (blockCount: number) => new Uint8Array(blockCount * blockBytes).fill(0xff);

  it.each(seeds)('take turns on one image: history %i', async (seed) => {
    const random = randomNumbers(seed);
    const image = fresh([10, 64, 512][seed % 3] ?? 64);
    if (seed % 2 === 0) await micropython(`turns-${seed}`, image, [], 'format');
    else Littlefs.format(new ImageDevice(image));
    let expected = new Map<string, Uint8Array | undefined>();
    for (let session = 0; session < sessions; session += 1) {
      // With few cycles folders move all the time.
      const ours = mount(image, random(1000), [100, 0, 4][session % 3]);
      for (let count = random(30); count > 0; count -= 1) {
        const step = randomStep(random);
        if (take(ours, step)) follow(expected, step);
      }
      const seen = await micropython(`turns-${seed}`, image, []);
      expect(said(seen)).toBe(toText(expected));
      const steps = Array.from({ length: random(30) }, () => randomStep(random));
      const theirs = await micropython(`turns-${seed}`, image, steps);
      // A file that found no room is there, empty: they make it before they write to it.
      const left = treeOf(mount(image));
      expect(toText(left)).toBe(said(theirs));
      if (theirs.done.every(Boolean)) {
        for (const step of steps) follow(expected, step);
        expect(toText(left)).toBe(toText(expected));
      }
      expected = left;
    }
  });

  it.each([1, 2, 3, 4])(
    'what a loss of power leaves of its work is before or after for us too: %i',
    async (seed) => {
      const random = randomNumbers(seed);
      const image = fresh(32);
      const steps = Array.from({ length: 40 }, () => randomStep(random));
      await micropython(`cut-${seed}`, image, steps, 'format');
      for (let round = 0; round < 12; round += 1) {
        const step = randomStep(random);
        const cut = Uint8Array.from(image);
        const { before, tree } = await micropython(`cut-${seed}`, cut, [step], String(random(60)));
        if (before === null) {
          expect(toText(treeOf(mount(cut)))).toBe(tree?.toSorted().join('\n'));
          continue;
        }
        const whole = await micropython(`cut-${seed}`, Uint8Array.from(image), [step]);
        const seen = toText(treeOf(mount(cut)));
        // A new file is there before anything is in it.
        const empty = [...before, `${step.path}=`].sort().join('\n');
        expect([before.toSorted().join('\n'), empty, said(whole)]).toContain(seen);
        // Both go on from there.
        take(mount(cut), { do: 'write', path: 'afterwards', sizeBytes: 9, fill: 120 });
        expect(said(await micropython(`cut-${seed}`, cut, []))).toBe(toText(treeOf(mount(cut))));
      }
    },
  );

  it('keeps the time of a change, and other attributes', async () => {
    const image = fresh(32);
    const time = Uint8Array.of(0, 0, 0x54, 0x3d, 0x9b, 0x8a, 0x7e, 0x0b);
    await micropython('times', image, [{ do: 'write', path: 'a', sizeBytes: 3, fill: 97 }], 'format');
    const attributes = new Map([
      [1, time],
      [0x74, Uint8Array.of(1, 2, 3)],
    ]);
    mount(image).write('a', new Uint8Array(3).fill(98), { attributes });
    await micropython('times', image, [{ do: 'write', path: 'b', sizeBytes: 300, fill: 97 }]);
    expect(mount(image).stat('a')?.attributes).toEqual(attributes);
    expect(mount(image).stat('b')?.attributes.get(1)).toHaveLength(8);
  });

  it('of an image of 2.0, which every firmware mounts, newer ones make 2.1; both are read', async () => {
    const image = fresh(32);
    Littlefs.format(new ImageDevice(image));
    expect(mount(image).superblock.version).toBe(0x00020000);
    await micropython('versions', image, [{ do: 'mkdir', path: 'lib' }]);
    expect(mount(image).superblock.version).toBe(0x00020001);
    mount(image).write('lib/a', Uint8Array.of(97));
    expect(said(await micropython('versions', image, []))).toBe('lib/a=a1\nlib=/');
  });
});
