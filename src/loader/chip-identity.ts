import { UpywError } from '../errors.js';
import type { ChipDescription, ChipIdentity } from './chip-facts.js';
import type { Esptool } from './protocol/esptool.js';

/** ESP32 Technical Reference Manual, eFuse block 0: words 0 and 6. */
const esp32Efuse = { word0: 0x3ff5a000, word6: 0x3ff5a018 };

/** Asks a chip that is in its loader who it is. Throws `loader/unknown-chip`, `loader/protected`. */
export async function identifyChip(esptool: Esptool): Promise<ChipIdentity> {
  const chip = await esptool.identify();
  if (esptool.secureDownloadMode) {
    throw new UpywError('loader/protected', { what: 'secure download mode is on' });
  }
  return esptool.withRegisterCache(async () => ({
    name: chip.CHIP_NAME,
    revision: await readRevision(esptool),
    mac: await chip.readMac(esptool),
    lock: await readLock(esptool),
  }));
}

export function describeChip(esptool: Esptool): Promise<ChipDescription> {
  const { chip } = esptool;
  return esptool.withRegisterCache(async () => ({
    model: await chip.getChipDescription(esptool),
    features: (await chip.getChipFeatures(esptool)).map((feature) => feature.trim()),
    crystalMhz: await chip.getCrystalFreq(esptool),
  }));
}

/** esptool-js counts major revisions for the ESP32, both parts for the ESP32-P4, and for others only what its stubs need. */
async function readRevision(esptool: Esptool): Promise<number | undefined> {
  const { chip } = esptool;
  const revision = await chip.getChipRevision?.(esptool);
  if (revision === undefined) return undefined;
  if (chip.CHIP_NAME === 'ESP32') return revision * 100;
  return chip.CHIP_NAME === 'ESP32-P4' ? revision : undefined;
}

async function readLock(esptool: Esptool): Promise<string | undefined> {
  if (esptool.chip.CHIP_NAME === 'ESP32') {
    const cryptCount = ((await esptool.readReg(esp32Efuse.word0)) >>> 20) & 0x7f;
    const bootDone = ((await esptool.readReg(esp32Efuse.word6)) >>> 4) & 0x3;
    return nameLock(cryptCount, bootDone !== 0);
  }
  try {
    const { flashCryptCnt, parsedFlags } = await esptool.getSecurityInfo();
    return nameLock(flashCryptCnt, parsedFlags.SECURE_BOOT_EN);
  } catch (error) {
    // A stub that was running already does not know the question.
    if (error instanceof UpywError && error.code !== 'loader/refused') throw error;
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
