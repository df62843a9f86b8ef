import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import path from 'node:path';
import { NorFlash } from '../build/sim/chip/flash.js';
import { chipIdentity } from '../build/sim/chip/identity.js';
import { startRom } from '../build/sim/chip/loader/rom.js';
import { time } from './measure.js';

/**
 * A chip with 16 MB in its loader behind a TCP port, without wire time: what a backup of it takes of memory.
 * @param {{ folder: string, upyw: string, env: NodeJS.ProcessEnv }} place
 */
export async function measureMemory({ folder, upyw, env }) {
  const flash = new NorFlash(undefined, 0x1000000);
  for (let offset = 0; offset < flash.sizeBytes; offset += 0x100000)
    flash.program(offset, randomBytes(0x100000));
  const server = createServer((socket) => {
    const guest = startRom({ identity: chipIdentity('') })(
      {
        flash,
        unpaced: true,
        get nowMs() {
          return performance.now();
        },
        transmit: (bytes, onSent) => {
          socket.write(asLargeChip(bytes));
          setImmediate(() => onSent?.());
        },
        setBaudRate: () => undefined,
        after: (_ms, fn) => void setImmediate(fn),
        reset: () => undefined,
      },
      'external',
    );
    socket.on('data', (bytes) => {
      guest.receive(bytes);
    });
    socket.on('error', () => undefined);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const copy = path.join(folder, 'large.bin');
  const base = await time(['node', upyw, '--version'], env);
  const backup = await time(
    ['node', upyw, '-p', `socket://127.0.0.1:${port}`, '--quiet', 'backup', copy],
    env,
  );
  server.close();
  const more = backup.peakMb - base.peakMb;
  console.log(
    `memory of a backup of 16 MiB: ${backup.peakMb.toFixed(0)} MB, ${more.toFixed(0)} MB above --version (aim 60)`,
  );
}

/**
 * The virtual flash's id says 4 MB; on the wire it becomes that of a 16 MB part.
 * @param {Uint8Array} bytes
 */
function asLargeChip(bytes) {
  const at = bytes.findIndex(
    (_, index) => bytes[index] === 0xc8 && bytes[index + 1] === 0x40 && bytes[index + 2] === 0x16,
  );
  return at === -1 || bytes.length > 20 ? bytes : bytes.with(at + 2, 0x18);
}
