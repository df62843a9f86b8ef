import { UpywError, isUpywError } from '../errors.js';
import type { ChipDescription, ChipIdentity } from './chip-facts.js';
import type { ChipLibrary } from './protocol/chip-library.js';
import type { ChipLink } from './protocol/chip-link.js';

/** ESP32 Technical Reference Manual, eFuse block 0: words 0 and 6. */
const esp32Efuse = { word0: 0x3ff5a000, word6: 0x3ff5a018 };

/** Asks a chip that is in its loader who it is. Throws `loader/unknown-chip`, `loader/protected`. */
export async function identifyChip(link: ChipLink): Promise<ChipIdentity> {
  const { commands, library } = link;
  await library.identify();
  if (library.isInSecureDownloadMode) {
    throw new UpywError('loader/protected', { what: 'secure download mode is on' });
  }
  return commands.withRegisterCache(async () => ({
    name: library.chipName,
    revision: await readRevision(library),
    mac: await library.readMac(),
    lock: await readLock(link),
  }));
}

export function describeChip({ commands, library }: ChipLink): Promise<ChipDescription> {
  return commands.withRegisterCache(() => library.describe());
}

/** The library counts major revisions for the ESP32, both parts for the ESP32-P4, and for others only what its stubs need. */
async function readRevision(library: ChipLibrary): Promise<number | undefined> {
  const revision = await library.readRevision();
  if (revision === undefined) return undefined;
  if (library.chipName === 'ESP32') return revision * 100;
  return library.chipName === 'ESP32-P4' ? revision : undefined;
}

async function readLock({ commands, library }: ChipLink): Promise<string | undefined> {
  if (library.chipName === 'ESP32') {
    const cryptCount = ((await commands.readReg(esp32Efuse.word0)) >>> 20) & 0x7f;
    const bootDone = ((await commands.readReg(esp32Efuse.word6)) >>> 4) & 0x3;
    return nameLock(cryptCount, bootDone !== 0);
  }
  try {
    const { flashCryptCount, secureBoot } = await library.readSecurity();
    return nameLock(flashCryptCount, secureBoot);
  } catch (error) {
    // A stub that was running already does not know the question.
    if (error instanceof UpywError && !isUpywError(error, 'loader/refused')) throw error;
    return undefined;
  }
}

/** An odd number of burnt bits switches flash encryption on (ESP-IDF, "Flash Encryption"). */
function nameLock(cryptCount: number, secureBoot: boolean): string | undefined {
  let encrypted = false;
  for (let bits = cryptCount; bits > 0; bits >>= 1) encrypted = encrypted !== ((bits & 1) === 1);
  if (encrypted) return secureBoot ? 'flash encryption and secure boot are on' : 'flash encryption is on';
  return secureBoot ? 'secure boot is on' : undefined;
}
