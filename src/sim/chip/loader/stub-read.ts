import { createHash } from 'node:crypto';
import type { Command } from './command.js';
import type { Machine } from '../machine.js';
import { stubStatus } from './stub-result.js';
import { digestTimeMs } from '../timing.js';

const maxPacketBytes = 4096;

/**
 * READ_FLASH: packets of the block size asked for, each acknowledged with the number of bytes received so far, then the MD5 of it all.
 * One packet may be unacknowledged: the window in the command is not looked at. An acknowledgement counts when it arrives, not
 * by its number, so that one sent while its packet is still on the way lets the next packet follow without a gap. The program sends
 * by hand, so it looks for acknowledgements between packets; reading and digesting a packet holds up the line only for
 * what exceeds the transmit FIFO.
 */
export async function readFlash(machine: Machine, command: Command): Promise<number | undefined> {
  const { flash, cpu } = machine;
  const [start, sizeBytes, packetBytes] = [command.word(0), command.word(1), command.word(2)];
  if (packetBytes > maxPacketBytes || packetBytes === 0) return stubStatus.badLength;
  if (!flash.has(start, sizeBytes)) return stubStatus.spiFailed;
  await flash.ready();
  const digest = createHash('md5');
  let sent = 0;
  let acknowledged = 0;
  while (sent < sizeBytes || acknowledged < sizeBytes) {
    if (sent < sizeBytes) {
      const packet = flash.read(start + sent, Math.min(packetBytes, sizeBytes - sent));
      await cpu.spend(digestTimeMs(packet.length));
      digest.update(packet);
      await machine.sendFrame(packet);
      sent += packet.length;
    }
    const frame = await machine.nextFrame();
    if (frame.length !== 4) break;
    acknowledged = new DataView(frame.buffer, frame.byteOffset).getUint32(0, true);
  }
  await machine.sendFrame(digest.digest());
  return undefined;
}
