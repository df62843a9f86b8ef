/**
 * upyw's loader and esptool-js on the same virtual board, which runs in a process of its own, with the wire's and the chip's
 * times, reached by RFC 2217. Prints ratios.
 * Usage: node bench/loader.js [write|read|backup|framing|memory …]   (all of them: some fifteen minutes)
 */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { constants, inflateSync } from 'node:zlib';
import { deflate } from 'pako';
import { openPort } from '../build/index.js';
import { connectLoader } from '../build/loader/connect-loader.js';
import { readFlash } from '../build/loader/read-flash.js';
import { encodeSlip } from '../build/loader/protocol/slip.js';
import { buildStandIn } from '../build/sim/chip/stand-in.js';
import { chipTimes } from '../build/sim/chip/timing.js';
import { measureFraming } from './loader-framing.js';
import { measureMemory } from './loader-memory.js';
import { time } from './measure.js';
import { Stopwatch } from './stopwatch.js';
import { plainEsptool } from './plain-esptool.js';

/** @typedef {import('../build/transport/port.js').Port} Port */

const upyw = fileURLToPath(new URL('../bin/upyw.js', import.meta.url));
const baudRate = 921_600;
const folder = await mkdtemp(path.join(tmpdir(), 'upyw-bench-'));
const env = { ...process.env, UPYW_SIM_DIR: path.join(folder, 'boards') };
/** @param {number} ms */
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
/** @param {number} bytes */
const wireMs = (bytes) => (bytes * 10_000) / baudRate;

/**
 * Runs `use` while a board is served.
 * @param {string} options of `sim:`
 * @param {(address: string) => Promise<void>} use
 */
async function withBoard(options, use) {
  const server = spawn(
    'node',
    [upyw, 'sim', 'serve', '-p', `sim:bench?${options}`, '--listen', '127.0.0.1:0'],
    {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  try {
    const address = await new Promise((resolve, reject) => {
      createInterface(server.stdout).on('line', (line) => {
        const found = /rfc2217:\/\/[\d.]+:\d+/.exec(line);
        if (found) resolve(found[0]);
      });
      server.once('exit', () => {
        reject(new Error('upyw sim serve ended before it was ready'));
      });
    });
    await use(address);
  } finally {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
  }
}

/**
 * A port, counted and timed, while `use` runs.
 * @template Result
 * @param {string} address
 * @param {(port: Port, stopwatch: Stopwatch) => Promise<Result>} use
 */
async function withPort(address, use) {
  const stopwatch = new Stopwatch(await openPort(address));
  try {
    return await use(stopwatch, stopwatch);
  } finally {
    await stopwatch.close();
  }
}

const rounds = 3;

/**
 * FLASH_DEFL_BEGIN to the last answer, both over the same image of the size of MicroPython 1.26, as the same compressed bytes,
 * in turns; the best of each.
 */
async function measureWrite() {
  const image = buildStandIn({ appSizeBytes: 1_670_000 }).subarray(0xf000);
  const sizeBytes = Math.ceil(image.length / 4096) * 4096;
  const padded = new Uint8Array(sizeBytes).fill(0xff);
  padded.set(image);
  console.log(`write ${padded.length} bytes at ${baudRate} baud, 1 ms latency, best of ${rounds}`);
  const file = path.join(folder, 'write.bin');
  await writeFile(file, padded);
  await withBoard('latency=1', async (address) => {
    const theirs = [];
    const ours = [];
    for (let round = 0; round < rounds; round += 1) {
      theirs.push(await writeOnce('esptool-js', address, file));
      ours.push(await writeOnce('upyw', address, file));
    }
    const their = fastest(theirs);
    const our = fastest(ours);
    const floorMs = writeFloorMs(padded);
    console.log(`  esptool-js  ${seconds(their.ms)}  ${their.sentBytes} bytes on the wire`);
    console.log(`  upyw        ${seconds(our.ms)}  ${our.sentBytes} bytes on the wire`);
    console.log(`  ratio       ${(our.ms / their.ms).toFixed(3)} (aim 0.85)`);
    console.log(`  to the floor of ${seconds(floorMs)}: ${(our.ms / floorMs).toFixed(3)} (aim 1.10)`);
  });
}

/**
 * In a process of its own, as a command is: in one process, the second round would find warm code.
 * @param {'esptool-js' | 'upyw'} client
 * @param {string} address
 * @param {string} file
 * @returns {Promise<{ ms: number, sentBytes: number }>}
 */
async function writeOnce(client, address, file) {
  const script = fileURLToPath(new URL('write-once.js', import.meta.url));
  const { stdout } = await promisify(execFile)('node', [script, client, address, file, String(baudRate)]);
  return JSON.parse(stdout);
}

/**
 * @template {{ ms: number }} Result
 * @param {Result[]} results
 */
function fastest(results) {
  return results.reduce((best, result) => (result.ms < best.ms ? result : best));
}

/**
 * The least that writing can take: each block on the wire while the chip inflates, erases and programs the one before.
 * Chip time that is longer than the wire's, and that of the last block, cannot overlap with anything.
 * @param {Uint8Array} bytes
 */
function writeFloorMs(bytes) {
  const compressed = deflate(bytes, { level: 9 });
  const finishFlush = constants.Z_SYNC_FLUSH;
  let floorMs = 0;
  let chipMs = 0;
  let unpackedBefore = 0;
  for (let at = 0; at < compressed.length; at += 0x4000) {
    const block = new Uint8Array(24 + Math.min(0x4000, compressed.length - at));
    block.set(compressed.subarray(at, at + 0x4000), 24);
    floorMs += Math.max(wireMs(encodeSlip(block).length), chipMs);
    const unpacked = inflateSync(compressed.subarray(0, at + 0x4000), { finishFlush }).length;
    const sizeBytes = unpacked - unpackedBefore;
    chipMs = (sizeBytes / 256) * chipTimes.programPageMs + (sizeBytes / 0x10000) * chipTimes.eraseBlockMs;
    unpackedBefore = unpacked;
  }
  return floorMs + chipMs;
}

/** @param {Uint8Array} bytes */
function isReadFlash(bytes) {
  return bytes[0] === 0xc0 && bytes[1] === 0 && bytes[2] === 0xd2;
}

/**
 * The whole command, on a chip that holds something else, and again on one that holds the same.
 */
async function measureFlashTwice() {
  const file = path.join(folder, 'firmware.bin');
  await writeFile(file, buildStandIn({ appSizeBytes: 1_670_000, seed: 5 }));
  await withBoard('latency=1', async (address) => {
    const command = ['node', upyw, '-p', address, 'flash', file, '--quiet'];
    await time(['node', upyw, '-p', address, 'erase', '--quiet'], env);
    const first = await time(command, env);
    const second = await time(command, env);
    console.log('the whole upyw flash of 1.7 MB');
    console.log(`  first time  ${seconds(first.ms)}`);
    console.log(`  again       ${seconds(second.ms)}  ${(second.ms / first.ms).toFixed(3)} x (aim 0.35)`);
  });
}

/** A full chip of random bytes, from the first READ_FLASH to the last byte, as a share of the line's rate. */
async function measureRead() {
  const sizeBytes = 0x400000;
  for (const latencyMs of [1, 8]) {
    await withRandomChip(latencyMs, async (address) => {
      const ours = await withPort(address, async (port, stopwatch) => {
        const loader = await connectLoader(port, { baudRate });
        stopwatch.from(isReadFlash);
        if (!(await readFlash(loader, { offset: 0, sizeBytes }, () => undefined))) throw new Error('damaged');
        loader.dispose();
        return stopwatch.result;
      });
      const theirs = await withPort(address, async (port, stopwatch) => {
        const esptool = plainEsptool(port, baudRate);
        await esptool.main();
        stopwatch.from(isReadFlash);
        await esptool.readFlash(0, sizeBytes / 4);
        return stopwatch.result;
      });
      console.log(`read 4 MiB of random bytes at ${baudRate} baud, ${latencyMs} ms latency`);
      console.log(`  esptool-js  ${share(sizeBytes / 4, theirs)} of the line's rate (of its first MiB)`);
      console.log(`  upyw        ${share(sizeBytes, ours)} (aim 0.91)`);
    });
  }
}

/**
 * @param {number} sizeBytes
 * @param {{ ms: number }} result
 */
function share(sizeBytes, { ms }) {
  return (wireMs(sizeBytes) / ms).toFixed(3);
}

/**
 * Serves a board whose chip is full of random bytes.
 * @param {number} latencyMs
 * @param {(address: string) => Promise<void>} use
 */
async function withRandomChip(latencyMs, use) {
  const full = path.join(folder, 'full.bin');
  await writeFile(full, randomBytes(0x400000));
  // Written without a pause, then switched on again with wire and chip times.
  const write = [
    'node',
    upyw,
    '-p',
    'sim:bench?unpaced',
    '--quiet',
    'flash',
    full,
    '--offset',
    '0',
    '--force',
  ];
  await time(write, env);
  await withBoard(`latency=${latencyMs}`, use);
}

/** Whole backup commands: a chip full of random bytes, a freshly flashed one, and one that is known already. */
async function measureBackup() {
  const firmware = path.join(folder, 'micropython.bin');
  await writeFile(firmware, buildStandIn({ appSizeBytes: 1_670_000 }));
  for (const latencyMs of [1, 8]) {
    await withRandomChip(latencyMs, async (address) => {
      /** @param {string[]} args */
      const run = (...args) =>
        time(['node', upyw, '-p', address, '--quiet', '-b', String(baudRate), ...args], env);
      const fresh = path.join(folder, `fresh-${latencyMs}.bin`);
      const whole = await run('backup', path.join(folder, `copy-${latencyMs}.bin`));
      await run('flash', firmware);
      const blank = await run('backup', fresh);
      const known = await run('backup', path.join(folder, `again-${latencyMs}.bin`), '--reference', fresh);
      console.log(`the whole upyw backup of 4 MiB, ${latencyMs} ms latency`);
      console.log(
        `  random bytes      ${seconds(whole.ms)}  ${share(0x400000, whole)} of the line (aim 0.83)`,
      );
      console.log(
        `  freshly flashed   ${seconds(blank.ms)}  ${(blank.ms / whole.ms).toFixed(3)} x (aim 0.55)`,
      );
      console.log(
        `  with --reference  ${seconds(known.ms)}  ${(known.ms / whole.ms).toFixed(3)} x (aim 0.20)`,
      );
    });
  }
}

const parts = {
  framing: [measureFraming],
  memory: [() => measureMemory({ folder, upyw, env })],
  write: [measureWrite, measureFlashTwice],
  read: [measureRead],
  backup: [measureBackup],
};
const asked = process.argv.slice(2);
try {
  for (const [name, measures] of Object.entries(parts)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    for (const measure of measures) await measure();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit();
