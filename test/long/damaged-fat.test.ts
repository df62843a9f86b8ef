import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FileStore } from '../../src/board/file-store.js';
import { UpywError } from '../../src/errors.js';
import { newImage, openImage } from '../../src/images/open-image.js';
import { randomNumbers } from '../support/littlefs-histories.js';

/** Whatever a FAT looks like after an accident, each call ends, and with a result or an error that is told. */

const sizeBytes = 0x80000;
const sectorBytes = 4096;
/** On a machine with other work. */
const longestMs = 15_000;

let folder: string;
let whole: Uint8Array;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upyw-fat-'));
  const { image, files } = await newImage(sizeBytes, 'fat', 'whole', () => 0);
  await files.makeFolders(['a', 'a/b', 'c/d/e'], { parents: true });
  for (let index = 0; index < 24; index += 1) {
    const path = `${['a/', 'a/b/', 'c/d/e/', ''][index % 4] ?? ''}a long name ${index}.py`;
    await put(files, path, (index * 997) % 9000);
  }
  whole = image;
});
afterAll(() => rm(folder, { recursive: true }));

async function put(files: FileStore, path: string, length: number): Promise<void> {
  await files.writeFiles([{ path, sizeBytes: length, load: () => new Uint8Array(length).fill(length) }]);
}

/** Bits, zeros, bytes and sectors in the wrong place, half of them where the FAT keeps its own. */
function damage(image: Uint8Array, random: (below: number) => number): void {
  for (let count = 1 + random(6); count > 0; count -= 1) {
    const at = random(random(2) === 0 ? image.length : 6 * sectorBytes);
    const from = random(sizeBytes / sectorBytes) * sectorBytes;
    const kind = random(4);
    if (kind === 0) image[at] = (image[at] ?? 0) ^ (1 << random(8));
    else if (kind === 1) image.fill(0, at, at + random(600));
    else if (kind === 2) image.copyWithin(at, random(image.length - sectorBytes), random(image.length));
    else image.copyWithin(Math.floor(at / sectorBytes) * sectorBytes, from, from + sectorBytes);
  }
}

async function useAll(path: string): Promise<void> {
  const image = await openImage(path, 'damaged', () => 0);
  try {
    for (const { path: each, type } of await image.files.list('', { recursive: true })) {
      if (type === 'file') await image.files.read(each).catch(mustBeTold);
    }
    await put(image.files, 'new.py', 9000);
  } finally {
    image.close();
  }
}

function mustBeTold(error: unknown): void {
  if (!(error instanceof UpywError) || !/^(?:image|board)\//.test((error as UpywError).code)) throw error;
}

it.each(Array.from({ length: 60 }, (_, seed) => seed))('damage %i', async (seed) => {
  const image = whole.slice();
  damage(image, randomNumbers(seed));
  const path = join(folder, `${seed}.bin`);
  await writeFile(path, image);
  const start = performance.now();
  await useAll(path).catch(mustBeTold);
  expect(performance.now() - start).toBeLessThan(longestMs);
});

it('a folder that lies in itself is told', async () => {
  const image = whole.slice();
  // The entry of `b` in the folder `a`: where its first cluster stands, that of `a` is written.
  const entry = (name: string) => {
    const at = Buffer.from(image.buffer).indexOf(Buffer.from(`${name.padEnd(11)}\x10`, 'latin1'));
    expect(at).toBeGreaterThan(0);
    return at;
  };
  const view = new DataView(image.buffer);
  view.setUint16(entry('B') + 26, view.getUint16(entry('A') + 26, true), true);
  const path = join(folder, 'loop.bin');
  await writeFile(path, image);
  await expect(useAll(path)).rejects.toMatchObject({ code: 'image/damaged' });
});
