import { UpywError } from '../errors.js';
import type { FlashChip } from './chip-facts.js';
import { op, packWords } from './protocol/commands.js';
import type { ChipLink } from './protocol/chip-link.js';

/** JEDEC JEP106, first bank: the makers of flash chips seen on ESP32 boards. */
const manufacturers: Readonly<Record<number, string>> = {
  0x01: 'Spansion',
  0x0b: 'XTX',
  0x1c: 'EON',
  0x20: 'XMC',
  0x46: 'Boya',
  0x5e: 'Zbit',
  0x68: 'Boya',
  0x85: 'PUYA',
  0x9d: 'ISSI',
  0xa1: 'FM',
  0xc2: 'Macronix',
  0xc8: 'GigaDevice',
  0xcd: 'TH',
  0xef: 'Winbond',
};

const defaultSizeBytes = 0x400000;
/** How every flash chip on an ESP32 board is laid out (ESP-IDF, `esp_rom_spiflash_chip_t`). */
const blockBytes = 0x10000;
const sectorBytes = 0x1000;
const pageBytes = 0x100;
const statusMask = 0xffff;
/** For a size that is the same twice in a row. */
const mostReadings = 5;

/** Connects the loader to its flash chip and tells it how large that is. Throws `loader/no-flash`. */
export async function attachFlash({ commands, library }: ChipLink): Promise<FlashChip> {
  // The ROM wants 8 bytes here, a stub 4; a stub has attached it already.
  if (!library.stubRuns) await commands.check({ op: op.spiAttach, body: packWords(0, 0) });
  const raw = await readTwice(() => library.readFlashId());
  // The register holds the answer first byte lowest.
  const id = ((raw & 0xff) << 16) | (raw & 0xff00) | (raw >> 16);
  if (id === 0 || id === 0xffffff) {
    throw new UpywError('loader/no-flash', { id: `0x${id.toString(16).padStart(6, '0')}` });
  }
  const sizeBytes = library.flashSizeBytes(id & 0xff) ?? defaultSizeBytes;
  const geometry = packWords(0, sizeBytes, blockBytes, sectorBytes, pageBytes, statusMask);
  await commands.check({ op: op.spiSetParams, body: geometry });
  return { id, manufacturer: manufacturers[id >> 16], sizeBytes };
}

/** Answers carry no check value, and a wrong size would be written past the end: so it is asked until two agree. */
async function readTwice(read: () => Promise<number>): Promise<number> {
  let last = (await read()) & 0xffffff;
  for (let tries = 0; tries < mostReadings; tries++) {
    const next = (await read()) & 0xffffff;
    if (next === last) return next;
    last = next;
  }
  return 0;
}
