/**
 * upyw and mpremote on the same virtual board, in a process of its own, over RFC 2217 at 115200 baud.
 * Usage: PATH with mpremote first, then: node bench/files.js [rounds] [baud]
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { race, report, time } from './measure.js';

const upyw = fileURLToPath(new URL('../bin/upyw.js', import.meta.url));
const rounds = Number(process.argv[2] ?? 3);
const folder = await mkdtemp(path.join(tmpdir(), 'upyw-bench-'));
const env = { ...process.env, UPYW_SIM_DIR: path.join(folder, 'boards') };

const server = spawn('node', [upyw, 'sim', 'serve', '-p', 'sim:bench', '--listen', '127.0.0.1:0'], {
  env,
  stdio: ['ignore', 'pipe', 'pipe'],
});
const address = await serverAddress();

/** The rfc2217:// address that the server prints when it is ready. */
async function serverAddress() {
  for (const stream of [server.stdout, server.stderr]) stream.resume();
  return await new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      createInterface(stream).on('line', (line) => {
        const found = /rfc2217:\/\/[\d.]+:\d+/.exec(line);
        if (found) resolve(found[0]);
      });
    }
    server.once('exit', () => {
      reject(new Error('upyw sim serve ended before it was ready'));
    });
  });
}

/** @param {string[]} args */
const ours = (...args) => ['node', upyw, '-p', address, ...args];
/** @param {string[]} args */
const theirs = (...args) => ['mpremote', 'connect', address, ...args];

/**
 * Python source as people write it: our own device code, with names numbered so that no two copies are alike.
 * @param {number} sizeBytes
 */
async function pythonSource(sizeBytes) {
  const helpers = new URL('../device/helpers/', import.meta.url);
  const names = (await readdir(helpers)).filter((name) => name.endsWith('.py')).sort();
  const sources = await Promise.all(names.map((name) => readFile(new URL(name, helpers), 'utf8')));
  let text = '';
  for (let copy = 0; text.length < sizeBytes; copy += 1)
    text += sources.join('').replaceAll('path', `path_${copy}`);
  return text.slice(0, sizeBytes);
}

/**
 * @param {string} title
 * @param {(round: number) => string[]} mine
 * @param {(round: number) => string[]} peer
 */
async function compare(title, mine, peer) {
  const contestants = [
    { name: 'mpremote', command: peer },
    { name: 'upyw', command: mine },
  ];
  report(title, await race(contestants, rounds));
}

/**
 * Puts one file by both, checks that it arrived, gets it by both, checks again. Every round and contestant has a name
 * of its own on the board: mpremote sends nothing where it finds the same file already.
 * @param {string} name
 * @param {Uint8Array | string} content
 */
async function putAndGet(name, content) {
  const local = path.join(folder, name);
  const back = path.join(folder, `back-${name}`);
  await writeFile(local, content);
  const digest = createHash('sha256').update(content).digest('hex');
  await compare(
    `put ${name}`,
    (round) => ours('put', local, `:u${round}-${name}`),
    (round) => theirs('cp', local, `:m${round}-${name}`),
  );
  const { stdout } = await time(theirs('sha256sum', `:u0-${name}`));
  if (!stdout.includes(digest)) throw new Error(`${name} arrived damaged`);
  await compare(
    `get ${name}`,
    () => ours('get', `:u0-${name}`, back),
    () => theirs('cp', `:u0-${name}`, back),
  );
  if (!(await readFile(back)).equals(await readFile(local))) throw new Error(`${name} came back damaged`);
}

try {
  await compare(
    'ls',
    () => ours('ls'),
    () => theirs('ls'),
  );
  await putAndGet('random-50k.bin', randomBytes(50_000));
  await putAndGet('source-50k.py', await pythonSource(50_000));
  const many = path.join(folder, 'many');
  await mkdir(many);
  for (let index = 0; index < 50; index += 1)
    await writeFile(path.join(many, `f${index}.bin`), randomBytes(1000));
  await time(
    theirs('mkdir', ...Array.from({ length: rounds }, (_, round) => [`:u${round}`, `:m${round}`]).flat()),
  );
  await compare(
    'put 50 files of 1 kB',
    (round) => ours('put', '-r', many, `:u${round}`),
    (round) => theirs('cp', '-r', many, `:m${round}`),
  );
  await compare(
    'the same 50 files once more: sync, cp -r',
    () => ours('sync', many, ':u0/many'),
    () => theirs('cp', '-r', path.join(many, '.'), ':m0/many'),
  );
  await time(
    theirs('exec', "import os\nos.mkdir('/l')\nfor i in range(300): open('/l/f%d.py' % i, 'w').close()"),
  );
  await compare(
    'list 300 files',
    () => ours('ls', '-R', ':l'),
    () => theirs('ls', ':l'),
  );
} finally {
  server.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
}
