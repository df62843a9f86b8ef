/**
 * A whole provision at 115200 baud on a paced virtual board, against the same with mpremote: the same files copied, boot.py
 * fetched, changed and put back. Time with process start, and bytes on the wire; and a second provision with nothing to do.
 * Usage: PATH with mpremote first, then: node bench/provision.js
 */
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { time } from './measure.js';
import { Relay } from './relay.js';
import { ServedBoard, upyw } from './served-board.js';

const device = fileURLToPath(new URL('../device/', import.meta.url));
const libraries = ['wifi_and_ntp.py', 'aswitch.py', 'io.py', 'api_test.py'].map((name) =>
  path.join(device, name),
);
const folder = await mkdtemp(path.join(tmpdir(), 'upyw-bench-'));
const env = { ...process.env, UPYW_WIFI_PASSWORD: 'correct horse' };
const boot = '# boot.py\nimport gc\n\ngc.collect()\n';

/**
 * On a board of its own that has a boot.py.
 * @param {string} name
 * @param {(url: string, count: () => number) => Promise<void>} use
 */
async function withBoard(name, use) {
  const board = await new ServedBoard(path.join(folder, name), 'latency=1&wifi=lab:correct%20horse').ready();
  const relay = await new Relay(board.url).ready();
  let counted = 0;
  try {
    const start = path.join(folder, 'boot.py');
    await writeFile(start, boot);
    await time(['node', upyw, '-p', board.url, 'put', start], env);
    await use(relay.url, () => {
      const since = relay.bytes - counted;
      counted = relay.bytes;
      return since;
    });
  } finally {
    relay.close();
    await board.close();
  }
}

/**
 * @param {string} what
 * @param {number} ms
 * @param {number} bytes
 */
function tell(what, ms, bytes) {
  console.log(`${what.padEnd(44)} ${(ms / 1000).toFixed(2)} s  ${bytes} bytes on the wire`);
}

try {
  let config = '';
  await withBoard('upyw', async (url, count) => {
    const provision = (/** @type {string[]} */ ...more) =>
      time(['node', upyw, '-p', url, 'provision', '--ssid', 'lab', ...more], env);
    for (const [what, flags] of /** @type {const} */ ([
      ['upyw provision --no-check', ['--no-check']],
      ['again, nothing to change', ['--no-check']],
      ['again, and the boot is watched', []],
    ])) {
      tell(what, (await provision(...flags)).ms, count());
    }
    config = (await time(['node', upyw, '-p', url, 'cat', 'config.py'], env)).stdout;
  });
  await withBoard('mpremote', async (url, count) => {
    const local = path.join(folder, 'mine-boot.py');
    const rendered = path.join(folder, 'config.py');
    await writeFile(rendered, config);
    const connect = ['mpremote', 'connect', url];
    const first = await time(
      [...connect, 'cp', ...libraries, rendered, ':', '+', 'cp', ':boot.py', local],
      env,
    );
    await appendFile(local, 'import wifi_and_ntp\nwifi_and_ntp.startup()\n');
    const last = await time([...connect, 'cp', local, ':boot.py'], env);
    if (!(await readFile(local, 'utf8')).startsWith(boot)) throw new Error('boot.py arrived damaged');
    tell('mpremote cp, two commands', first.ms + last.ms, count());
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
