import { kind } from './define.js';
import { word } from './word.js';

/** A stretch of flash, in bytes. */
export interface Place {
  readonly offset: number;
  readonly sizeBytes: number;
}

const hex = (value: number): string => `0x${value.toString(16)}`;
const range = ({ offset, sizeBytes }: Place): string => `${hex(offset)} to ${hex(offset + sizeBytes)}`;

const downloadPage = 'https://micropython.org/download/ESP32_GENERIC/';

/** Files that are to be written to a chip, judged before the chip is touched. */
export const firmwareErrors = {
  'firmware/not-an-image': kind<{ path: string; looksLike: string }>({
    exitCode: 1,
    message: ({ path, looksLike }) => `${path} is not a firmware for an ESP32: it is ${looksLike}`,
    hint: () => `Download the .bin file for your board again: ${downloadPage}`,
  }),
  'firmware/damaged': kind<{ path: string; part: string; problem: string }>({
    exitCode: 1,
    message: ({ path, part, problem }) => `${path} is damaged (${part}): ${problem}`,
    hint: () => `Nothing was written. Download the .bin file again: ${downloadPage}`,
  }),
  'firmware/truncated': kind<{ path: string; part: string; sizeBytes: number; neededBytes: number }>({
    exitCode: 1,
    message: ({ path, part, sizeBytes, neededBytes }) =>
      `${path} is incomplete (${part}): it ends after ${sizeBytes} of at least ${neededBytes} bytes`,
    hint: () => `Nothing was written. Download the .bin file again: ${downloadPage}`,
  }),
  'firmware/wrong-chip': kind<{ path: string; imageChip: string; chip: string }>({
    exitCode: 1,
    message: ({ path, imageChip, chip }) => `${path} is for the ${imageChip}, this chip is an ${chip}`,
    hint: ({ chip }) =>
      `Nothing was written. Get the firmware for the ${chip}: https://micropython.org/download/?mcu=${chip.toLowerCase().replaceAll('-', '')}`,
  }),
  'firmware/wrong-revision': kind<{ path: string; needed: string; revision: string }>({
    exitCode: 1,
    message: ({ path, needed, revision }) =>
      `${path} does not run on this chip: it asks for revision ${needed}, this is ${revision}`,
    hint: () => 'Nothing was written. Get a firmware that is built for this revision of the chip',
  }),
  'firmware/too-large': kind<{ path: string; what: string; neededBytes: number; availableBytes: number }>({
    exitCode: 1,
    message: ({ path, what, neededBytes, availableBytes }) =>
      `${path} does not fit: ${what} needs ${neededBytes} bytes, there are ${availableBytes}`,
    hint: () => `Nothing was written. Choose a firmware for this flash size: ${downloadPage}`,
  }),
  'firmware/files-too-large': kind<{ named: string; availableBytes: number }>({
    exitCode: 1,
    message: ({ named, availableBytes }) =>
      `${named} does not fit: the place for files has ${availableBytes} bytes under this firmware`,
    hint: () => 'Nothing was written. Leave files out, for example by an .upywignore in the folder',
  }),
  'firmware/no-files-place': kind<{ path: string }>({
    exitCode: 1,
    message: ({ path }) =>
      `${path} does not say where a board keeps its files, so none can be written with it`,
    hint: () =>
      'Nothing was written. Leave out --with and --provision: upyw put -r and upyw provision come after it',
  }),
  'firmware/is-backup': kind<{ path: string; offset?: number }>({
    exitCode: 1,
    message: ({ path, offset }) =>
      `${path} is the backup of a whole chip, not a firmware` +
      (offset === undefined
        ? ''
        : `; it begins at 0x0 of the flash, at ${hex(offset)} nothing of it could start`),
    hint: ({ path }) => `Nothing was written. To bring that chip back as it was: upyw restore ${word(path)}`,
  }),
  'firmware/partial-backup': kind<{ path: string; sizeBytes: number }>({
    exitCode: 1,
    message: ({ path, sizeBytes }) =>
      `${path} is only the first part of a chip's backup: it ends after ${sizeBytes} bytes`,
    hint: () =>
      `Nothing was written. Copy the whole backup again for upyw restore, or take a firmware for upyw flash: ${downloadPage}`,
  }),
  'firmware/is-part': kind<{ path: string; part: string; usualOffset: number | undefined }>({
    exitCode: 1,
    message: ({ path, part }) => `${path} is only ${part}; a board does not start from it alone`,
    hint: ({ path, usualOffset }) =>
      `Take the whole .bin file: ${downloadPage} (to write this part alone: upyw flash ${word(path)} --offset ` +
      (usualOffset === undefined
        ? 'ADDR; upyw chip shows where the files are)'
        : `${hex(usualOffset)}, its usual place)`),
  }),
  'firmware/wrong-offset': kind<{
    path: string;
    what: string;
    offset: number;
    ownOffset: number;
    isWhole: boolean;
  }>({
    exitCode: 1,
    message: ({ path, what, offset, ownOffset }) =>
      `${path} is ${what}, which belongs to ${hex(ownOffset)}; at ${hex(offset)} the chip would not start from it`,
    hint: ({ path, ownOffset, isWhole }) =>
      `Nothing was written. Right is: upyw flash ${word(path)}${isWhole ? '' : ` --offset ${hex(ownOffset)}`} (--force writes it there all the same)`,
  }),
  'firmware/zip': kind<{ path: string; found: readonly string[]; reason?: string }>({
    exitCode: 1,
    message: ({ path, found, reason }) => {
      if (reason !== undefined) return `${path} cannot be unpacked: ${reason}`;
      return found.length === 0
        ? `there is no .bin file in ${path}`
        : `there is more than one firmware in ${path}: ${found.join(', ')}`;
    },
    hint: () => 'Unpack it and give the .bin file: upyw flash FILE.bin',
  }),
  'firmware/is-url': kind<{ path: string }>({
    exitCode: 2,
    message: ({ path }) => `${path} is an address on the web, not a file`,
    hint: () => 'Download it with your browser, then give the .bin file: upyw flash FILE.bin',
  }),
  'firmware/not-a-backup': kind<{ path: string; is: string; isFirmware: boolean }>({
    exitCode: 1,
    message: ({ path, is }) => `${path} is not the backup of a whole chip: it is ${is}`,
    hint: ({ path, isFirmware }) =>
      isFirmware
        ? `Nothing was written. A firmware is written with: upyw flash ${word(path)}`
        : 'Nothing was written. Give the file that upyw backup made',
  }),
  'firmware/files-move': kind<{ path: string; now: Place | undefined; then: Place | undefined }>({
    exitCode: 1,
    message: ({ path, now, then }) =>
      now === undefined
        ? 'the files cannot be kept: there is no place for files on this chip'
        : `the files cannot be kept: they are at ${range(now)}, ` +
          (then === undefined ? `${path} leaves no place for files` : `${path} wants them at ${range(then)}`),
    hint: ({ path, now }) =>
      now !== undefined
        ? `Nothing was written. Bring the files home first (upyw get -r : files), then: upyw flash ${word(path)}`
        : `Nothing was written. Repeat without --keep-files: upyw flash ${word(path)}`,
  }),
  'firmware/wrong-size': kind<{ path: string; sizeBytes: number; flashSizeBytes: number }>({
    exitCode: 1,
    message: ({ path, sizeBytes, flashSizeBytes }) =>
      `${path} holds ${sizeBytes} bytes, this chip has ${flashSizeBytes}`,
    hint: ({ path, sizeBytes, flashSizeBytes }) =>
      'Nothing was written. Use a chip with the same flash size as the one that was backed up' +
      (sizeBytes < flashSizeBytes
        ? `. To write it to the start of this one: upyw flash ${word(path)} --offset 0`
        : ''),
  }),
};
