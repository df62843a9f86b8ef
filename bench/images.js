/**
 * File systems in images: what it takes to list, make and empty one, in this process and as a command; and the board's files in the flash step
 * against flash and then put, on a virtual board with the times of a chip and its wire.
 * Usage: node bench/images.js [rounds]
 */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { putFolder, readFolderToPut } from '../build/copying/folder-to-put.js';
import { newImage, openImage } from '../build/images/open-image.js';
import { race, time } from './measure.js';
import { upyw } from './served-board.js';

const rounds = Number(process.argv[2] ?? 5);
const sizeBytes = 0x200000;
const folder = await mkdtemp(path.join(tmpdir(), 'upyw-bench-'));
process.env['UPYW_SIM_DIR'] = path.join(folder, 'boards');
// No project's config on the way: where it is looked for is part of the work.
process.chdir(folder);
try {
  // 300 files, as much as 2 MB hold of them.
  await fill('many', 300, 4000);
  await fill('few', 20, 3000);
  const image = path.join(folder, 'many.bin');
  await writeFile(image, await make('many'));
  const readMs = await best(() => readFile(image));
  console.log(`best of ${rounds}; reading the image with fs.readFile takes ${readMs.toFixed(1)} ms`);
  tell('mount, list 300 files', await best(() => list(image)), readMs, 50);
  tell('create from a folder', await best(() => make('many')), readMs, 200);
  tell('extract all', await best(() => extract(image)), readMs, 200);

  const [version, ls] = await race(
    [
      { name: 'upyw --version', command: () => [process.execPath, upyw, '--version'] },
      { name: 'upyw ls', command: () => [process.execPath, upyw, '-p', `image:${image}`, 'ls'] },
    ],
    rounds,
  );
  if (version !== undefined && ls !== undefined) {
    const ratio = (ls.ms / version.ms).toFixed(2);
    console.log(`ls -p image: ${ls.ms.toFixed(0)} ms, ${ratio} x ${version.name} (at most 1.6)`);
  }
  await compareFlash();
} finally {
  process.chdir(tmpdir());
  await rm(folder, { recursive: true });
}

/**
 * @param {string} name
 * @param {number} count
 * @param {number} fileBytes of each, in ten folders
 */
async function fill(name, count, fileBytes) {
  for (let index = 0; index < count; index += 1) {
    const place = path.join(folder, name, `part${index % 10}`);
    await mkdir(place, { recursive: true });
    // Half of it can be compressed, as programs can.
    const content = Buffer.concat([randomBytes(fileBytes / 2), Buffer.alloc(fileBytes / 2, 'x = 1\n')]);
    await writeFile(path.join(place, `module${index}.py`), content);
  }
}

/** @param {string} name */
async function make(name) {
  const content = await readFolderToPut(path.join(folder, name), {});
  const { image, files } = await newImage(sizeBytes, 'littlefs', name, () => 0);
  await putFolder(files, content, {
    signal: new AbortController().signal,
    during: (_phase, _files, work) => work(() => undefined),
  });
  return image;
}

/** @param {string} image */
async function list(image) {
  const { files } = await openImage(image, image, () => 0);
  const entries = await files.list('', { recursive: true });
  if (entries.filter(({ type }) => type === 'file').length !== 300) throw new Error('files are missing');
}

/** @param {string} image */
async function extract(image) {
  const { files } = await openImage(image, image, () => 0);
  const entries = await files.list('', { recursive: true });
  const target = path.join(folder, 'out');
  for (const { path: place } of entries.filter(({ type }) => type === 'folder'))
    await mkdir(path.join(target, place), { recursive: true });
  const paths = entries.filter(({ type }) => type === 'file').map((entry) => entry.path);
  await files.readFiles(paths, (place, content) => writeFile(path.join(target, place), content));
  await rm(target, { recursive: true });
}

/** After the firmware's own write: what `--with` adds to it, against put. */
async function compareFlash() {
  const port = ['-p', 'sim:flashed'];
  const run = (/** @type {string[]} */ ...args) => time([process.execPath, upyw, ...port, ...args]);
  await run('erase', '--yes');
  const { ms: firmwareMs } = await run('flash', '--yes');
  const { ms: putMs } = await run('put', '-r', 'few/.', ':');
  await run('erase', '--yes');
  const { ms: withMs } = await run('flash', '--yes', '--with', 'few');
  const extraMs = withMs - firmwareMs;
  console.log(
    `20 files, 60 kB: --with ${extraMs.toFixed(0)} ms more than flash alone, put -r ${putMs.toFixed(0)} ms: ${(extraMs / putMs).toFixed(2)} (at most 0.75)`,
  );
}

/**
 * @param {() => Promise<unknown>} work
 * @returns {Promise<number>} in ms
 */
async function best(work) {
  let bestMs = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await work();
    bestMs = Math.min(bestMs, performance.now() - start);
  }
  return bestMs;
}

/**
 * @param {string} name
 * @param {number} ms
 * @param {number} readMs
 * @param {number} mostMs
 */
function tell(name, ms, readMs, mostMs) {
  console.log(
    `${name.padEnd(22)} ${ms.toFixed(0).padStart(5)} ms, ${(ms / readMs).toFixed(0)} x reading it (at most ${mostMs} ms)`,
  );
}
