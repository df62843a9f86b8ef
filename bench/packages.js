/**
 * `mip install` against mpremote's, from the same server to the same paced board at 115200 baud: a package of fifty files, with nothing in the cache
 * and with all of it; and against the transfer of the same files alone. Time with process start.
 * Usage: PATH with mpremote first, then: node bench/packages.js
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { time } from './measure.js';
import { ServedBoard, upyw } from './served-board.js';

/** More does not fit on the board. */
const rounds = 2;
const folder = await mkdtemp(path.join(tmpdir(), 'upyw-bench-'));
const contents = Array.from({ length: 50 }, (_, index) =>
  Buffer.from(
    Array.from({ length: 40 }, (_each, line) => `def f${index}_${line}(a):\n    return a + ${line}\n`).join(
      '',
    ),
  ),
);
/** @type {Map<string, Buffer>} */
const served = new Map();
const hashes = contents.map((bytes, index) => {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  served.set(`/file/${hash.slice(0, 2)}/${hash}`, bytes);
  return [`fifty/f${index}.py`, hash];
});
const document = Buffer.from(JSON.stringify({ v: 1, version: '1.0.0', hashes, urls: [], deps: [] }));
for (const form of ['6', 'py']) served.set(`/package/${form}/fifty/latest.json`, document);
const server = createServer((request, response) => {
  const content = served.get(request.url ?? '');
  response.writeHead(content === undefined ? 404 : 200).end(content);
});
await /** @type {Promise<void>} */ (new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)));
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
const index = `http://127.0.0.1:${port}`;
const board = await new ServedBoard(path.join(folder, 'board'), 'latency=1').ready();

await mkdir(path.join(folder, 'fifty'));
for (const [number, bytes] of contents.entries())
  await writeFile(path.join(folder, `fifty/f${number}.py`), bytes);

/**
 * @param {string} cache
 * @param {...string} args
 */
async function ours(cache, ...args) {
  const env = { ...process.env, UPYW_CACHE_DIR: path.join(folder, cache) };
  return (await time(['node', upyw, '-p', board.url, ...args], env)).ms;
}

/** @type {Record<string, number>} */
const best = {};
/**
 * @param {string} what
 * @param {number} ms
 */
function note(what, ms) {
  best[what] = Math.min(best[what] ?? Infinity, ms);
}

try {
  for (let round = 0; round < rounds; round += 1) {
    const install = ['mip', 'install', 'fifty', '--index', index, '--target'];
    note('cold', await ours(`cache${round}`, ...install, `/c${round}`));
    note('warm', await ours(`cache${round}`, ...install, `/w${round}`));
    note('put -r', await ours('none', 'put', '-r', path.join(folder, 'fifty'), `:/p${round}`));
    const theirs = [
      'mpremote',
      'connect',
      board.url,
      'mip',
      '--index',
      index,
      '--target',
      `/m${round}`,
      'install',
      'fifty',
    ];
    note('mpremote', (await time(theirs)).ms);
    note('list', await ours('none', 'mip', 'list', '--target', `/w${round}`));
  }
  for (const [what, ms] of Object.entries(best))
    console.log(`${what.padEnd(10)} ${(ms / 1000).toFixed(2)} s`);
  const ratio = (/** @type {string} */ left, /** @type {string} */ right) =>
    ((best[left] ?? 0) / (best[right] ?? 1)).toFixed(2);
  console.log(`warm / mpremote  ${ratio('warm', 'mpremote')} (at most 0.3)`);
  console.log(`cold / put -r    ${ratio('cold', 'put -r')} (at most 1.3)`);
} finally {
  server.close();
  await board.close();
  await rm(folder, { recursive: true });
}
