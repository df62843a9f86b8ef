/**
 * One write of an application to a chip, timed from FLASH_DEFL_BEGIN to the last answer.
 * Usage: node bench/write-once.js esptool-js|upyw ADDRESS FILE BAUD   → { ms, sentBytes }
 */
import { readFile } from 'node:fs/promises';
import { openPort } from '../build/index.js';
import { connectLoader } from '../build/loader/connect-loader.js';
import { writeFlash } from '../build/loader/write-flash.js';
import { plainEsptool } from './plain-esptool.js';
import { Stopwatch } from './stopwatch.js';

const [client, address = '', file = '', baud] = process.argv.slice(2);
const baudRate = Number(baud);
const offset = 0x10000;
const bytes = new Uint8Array(await readFile(file));
const stopwatch = new Stopwatch(await openPort(address));
await (client === 'upyw' ? writeAsUpyw() : writeAsEsptool());
await stopwatch.close();
console.log(JSON.stringify(stopwatch.result));
process.exit();

async function writeAsEsptool() {
  const esptool = plainEsptool(stopwatch, baudRate);
  await esptool.main();
  stopwatch.from(isDeflBegin);
  const keep = { flashSize: 'keep', flashMode: 'keep', flashFreq: 'keep' };
  const fileArray = [{ data: bytes, address: offset }];
  await esptool.writeFlash(/** @type {never} */ ({ fileArray, ...keep, eraseAll: false, compress: true }));
}

async function writeAsUpyw() {
  const loader = await connectLoader(stopwatch, { baudRate });
  stopwatch.from(isDeflBegin);
  await writeFlash(loader, offset, bytes);
  loader.dispose();
}

/** @param {Uint8Array} frame */
function isDeflBegin(frame) {
  return frame[0] === 0xc0 && frame[1] === 0 && frame[2] === 0x10;
}
