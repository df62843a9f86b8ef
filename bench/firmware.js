/**
 * What the firmware commands, the doctor and a completion cost: a listing from a warm cache and a completion against --version, a download of
 * 1.7 MB against curl's from the same server at the rate of a class's Wi-Fi, and the doctor on a healthy board that keeps a wire's time.
 * Usage: node bench/firmware.js [rounds]
 */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { race } from './measure.js';
import { upyw } from './served-board.js';

const rounds = Number(process.argv[2] ?? 10);
const bytesPerSecond = 1_000_000;
const pieceBytes = 20_000;
const file = randomBytes(1_700_000);
const folder = await mkdtemp(join(tmpdir(), 'upyw-bench-'));
const name = 'ESP32_GENERIC-20250911-v1.26.1.bin';

/** @type {string[]} */
const made = [];
const server = createServer((request, response) => {
  if (request.url === '/download/?port=esp32') {
    response.end('<a class="board-card" href="ESP32_GENERIC"></a>');
    return;
  }
  response.writeHead(200, { 'content-length': file.length, etag: '"1"' });
  const startMs = performance.now();
  let at = 0;
  // By the clock, so that a late timer is made up for.
  const timer = setInterval(() => {
    const dueBytes = ((performance.now() - startMs) / 1000) * bytesPerSecond;
    while (at < dueBytes && at < file.length) response.write(file.subarray(at, (at += pieceBytes)));
    if (at < file.length) return;
    clearInterval(timer);
    response.end();
  }, 5);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const address = server.address();
const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
process.env['UPYW_FIRMWARE_URL'] = url;
process.env['UPYW_CACHE_DIR'] = join(folder, 'cache');
process.env['UPYW_SIM_DIR'] = join(folder, 'boards');
process.chdir(folder);
try {
  await mkdir(join(folder, 'cache', 'firmware'), { recursive: true });
  await run([process.execPath, upyw, 'firmware', 'list']);
  const node = process.execPath;
  const starts = await race(
    [
      { name: 'upyw --version', command: () => [node, upyw, '--version'] },
      { name: 'upyw firmware list, warm', command: () => [node, upyw, 'firmware', 'list'] },
      { name: 'a completion', command: () => [node, upyw, '__complete', 'zsh', 'firmw'] },
    ],
    rounds,
  );
  tell(starts, [1, 1.5, 1.3]);
  // Where it finds the same packages.
  const download = fileURLToPath(new URL('../dist/bench-download.mjs', import.meta.url));
  made.push(download);
  await writeFile(join(folder, 'source.mjs'), downloadOnly());
  // In one file, as all is that is installed; packages stay beside it.
  await build({
    input: join(folder, 'source.mjs'),
    platform: 'node',
    external: (id, _importer, isResolved) => !isResolved && !/^[./]|^file:/.test(id),
    output: { file: download, codeSplitting: false },
  });
  const loads = await race(
    [
      {
        name: 'curl',
        command: () => ['curl', '-sfo', join(folder, 'curl.bin'), `${url}resources/firmware/${name}`],
      },
      { name: "upyw's download, Node's start included", command: () => [node, download] },
      { name: 'node -e 0', command: () => [node, '-e', '0'] },
    ],
    Math.max(3, Math.round(rounds / 3)),
  );
  tell(loads.slice(0, 2), [1, 1.1]);
  const [curl, ours, start] = loads.map(({ ms }) => ms);
  console.log(`  without Node's start: ${(((ours ?? 0) - (start ?? 0)) / (curl ?? 1)).toFixed(2)} ×`);
  for (const [args, mostMs] of /** @type {[string[], number][]} */ ([
    [['doctor'], 4000],
    [['doctor', '--speed'], 10_000],
  ])) {
    const startMs = performance.now();
    await run([node, upyw, '-p', 'sim:bench', ...args]);
    const tookMs = performance.now() - startMs;
    console.log(`upyw ${args.join(' ')}: ${Math.round(tookMs)} ms (at most ${mostMs})`);
  }
} finally {
  server.closeAllConnections();
  server.close();
  process.chdir(tmpdir());
  for (const path of made) await rm(path, { force: true });
  await rm(folder, { recursive: true, maxRetries: 10 });
}

/** The part of `upyw firmware fetch` that loads and keeps a file: what it is, is random here. */
function downloadOnly() {
  const net = fileURLToPath(new URL('../build/net/net.js', import.meta.url));
  return `import { openNet } from '${net}';
const net = openNet({ env: process.env, signal: new AbortController().signal });
const files = net.files('bench-' + process.pid);
await files.obtain({ name: '${name}', from: { kind: 'web', url: new URL('${url}resources/firmware/${name}') }, maxBytes: 1e7 });
await net.close();
`;
}

/** @param {string[]} command */
function run([program = '', ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'ignore' });
    child.on('error', reject).on('close', resolve);
  });
}

/**
 * @param {{ name: string, ms: number }[]} times
 * @param {number[]} most
 */
function tell(times, most) {
  const [{ ms: first } = { ms: 1 }] = times;
  times.forEach(({ name: who, ms }, place) => {
    const ratio = (ms / first).toFixed(2);
    console.log(`${who}: ${ms.toFixed(0)} ms, ${ratio} × the first (at most ${most[place]})`);
  });
}
