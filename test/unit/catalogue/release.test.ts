import { describe, expect, it } from 'vitest';
import { boardForChip } from '../../../src/catalogue/board-for-chip.js';
import { chooseRelease } from '../../../src/catalogue/choose-release.js';
import { isSameVersion, newestFirst, parseBoard, parseFileName } from '../../../src/catalogue/release.js';

describe("a file's name", () => {
  it.each([
    ['ESP32_GENERIC-20240602-v1.23.0.bin', 'ESP32_GENERIC', '', 'v1.23.0', false],
    ['ESP32_GENERIC-SPIRAM-20240222-v1.22.2.bin', 'ESP32_GENERIC', 'SPIRAM', 'v1.22.2', false],
    ['ESP32_GENERIC_S3-SPIRAM_OCT-20250911-v1.26.1.bin', 'ESP32_GENERIC_S3', 'SPIRAM_OCT', 'v1.26.1', false],
    ['ESP32_GENERIC_P4-C6_WIFI-20251209-v1.27.0.bin', 'ESP32_GENERIC_P4', 'C6_WIFI', 'v1.27.0', false],
    ['esp32-20220618-v1.19.1.bin', 'ESP32_GENERIC', '', 'v1.19.1', false],
    ['esp32spiram-20220117-v1.18.bin', 'ESP32_GENERIC', 'SPIRAM', 'v1.18', false],
    ['GENERIC_S3_SPIRAM-20220618-v1.19.1.bin', 'ESP32_GENERIC_S3', 'SPIRAM', 'v1.19.1', false],
    ['GENERIC-20220117-v1.18.bin', 'ESP32_GENERIC', '', 'v1.18', false],
    [
      'ESP32_GENERIC-20251120-v1.27.0-preview.123.g0123abcdef.bin',
      'ESP32_GENERIC',
      '',
      'v1.27.0-preview.123.g0123abcdef',
      true,
    ],
    ['esp32-20220501-unstable-v1.18-473-g30268c93d.bin', 'ESP32_GENERIC', '', 'v1.18-473-g30268c93d', true],
  ])('%s', (file, board, variant, version, isPreview) => {
    expect(parseFileName(file)).toMatchObject({ board, variant, version: { text: version, isPreview } });
  });

  it.each([
    'ESP32_GENERIC-20240602-v1.23.0.app-bin',
    'a.bin',
    'X-20240602-v1.bin',
    '../X-20240602-v1.2.bin',
    '',
  ])('is none: %j', (file) => {
    expect(parseFileName(file)).toBeUndefined();
  });

  it('may be a short one: what people call a board', () => {
    expect(parseBoard('esp32')).toEqual({ board: 'ESP32_GENERIC', variant: '' });
    expect(parseBoard('ESP32_GENERIC-SPIRAM')).toEqual({ board: 'ESP32_GENERIC', variant: 'SPIRAM' });
  });
});

const files = [
  'ESP32_GENERIC-20251120-v1.27.0-preview.99.gaaaaaaaaaa.bin',
  'ESP32_GENERIC-20251122-v1.27.0-preview.123.g0123abcdef.bin',
  'ESP32_GENERIC-20250911-v1.26.1.bin',
  'ESP32_GENERIC-20250809-v1.26.0.bin',
  'ESP32_GENERIC-20230426-v1.20.0.bin',
  'GENERIC-20220618-v1.19.1.bin',
  'esp32-20220501-unstable-v1.18-473-g30268c93d.bin',
  'esp32-20220117-v1.18.bin',
  'esp32-20210902-v1.9.4.bin',
].map((file) => parseFileName(file)!);
const wish = { board: 'ESP32_GENERIC', variant: '' };

describe('which file is meant', () => {
  it('orders them by version, not by letters or dates', () => {
    const order = [...files].reverse().sort(newestFirst);
    expect(order.map(({ version }) => version.text)).toEqual([
      'v1.27.0-preview.123.g0123abcdef',
      'v1.27.0-preview.99.gaaaaaaaaaa',
      ...['v1.26.1', 'v1.26.0', 'v1.20.0', 'v1.19.1', 'v1.18-473-g30268c93d', 'v1.18', 'v1.9.4'],
    ]);
  });

  it.each([
    [{}, 'v1.26.1'],
    [{ preview: true }, 'v1.27.0-preview.123.g0123abcdef'],
    [{ version: '1.18' }, 'v1.18'],
    [{ version: 'v1.26' }, 'v1.26.1'],
    [{ version: '1.27.0-preview.99' }, 'v1.27.0-preview.99.gaaaaaaaaaa'],
    [{ version: '1.27.0', preview: true }, 'v1.27.0-preview.123.g0123abcdef'],
  ])('%j is %s', (more, version) => {
    expect(chooseRelease(files, { ...wish, ...more }).version.text).toBe(version);
  });

  it('says what there is where nothing fits', () => {
    expect(() => chooseRelease(files, { ...wish, version: '1.25.0' })).toThrow('there is no 1.25.0');
    expect(() => chooseRelease(files, { ...wish, variant: 'OTA' })).toThrow('there is no variant OTA');
    const previews = files.slice(0, 2);
    expect(() => chooseRelease(previews, wish)).toThrow(
      expect.objectContaining({
        code: 'firmware/no-release',
        hint: expect.stringContaining('--preview') as string,
      }),
    );
  });
});

it.each([
  ['v1.26.1', '1.26.1', true],
  ['v1.18', '1.18', true],
  ['v1.27.0-preview.123.g0123abcdef', '1.27.0-preview.123.g0123abcde', true],
  ['v1.18-473-g30268c93d', '1.18-473-g30268c93d-dirty', true],
  ['v1.26.1', '1.26.0', false],
  ['v1.27.0-preview.123.g0123abcdef', '1.27.0-preview.124.g0123abcdef', false],
  ['v1.26.1', '1.26.1-preview.1.g0', false],
])('a name of %s and a banner of %s: %s', (named, found, isSame) => {
  expect(isSameVersion(named, found)).toBe(isSame);
});

describe('the build for a chip', () => {
  const chip = { features: [], model: 'ESP32-D0WDQ6', flashSizeBytes: 0x400000 };
  it.each([
    [{ name: 'ESP32' }, 'ESP32_GENERIC', ''],
    [{ name: 'ESP32', features: ['Wi-Fi', 'Embedded PSRAM'] }, 'ESP32_GENERIC', 'SPIRAM'],
    [{ name: 'ESP32', features: ['Wi-Fi', 'Single Core'] }, 'ESP32_GENERIC', 'UNICORE'],
    [{ name: 'ESP32', model: 'ESP32-D2WD (revision 1)' }, 'ESP32_GENERIC', 'D2WD'],
    [{ name: 'ESP32-S3' }, 'ESP32_GENERIC_S3', ''],
    [{ name: 'ESP32-S3', features: ['Embedded PSRAM 2MB (AP_3v3)'] }, 'ESP32_GENERIC_S3', ''],
    [{ name: 'ESP32-S3', features: ['Embedded PSRAM 8MB (AP_3v3)'] }, 'ESP32_GENERIC_S3', 'SPIRAM_OCT'],
    [{ name: 'ESP32-S2', features: ['No Embedded PSRAM'] }, 'ESP32_GENERIC_S2', ''],
    [{ name: 'ESP32-C2', flashSizeBytes: 0x200000 }, 'ESP32_GENERIC_C2', 'FLASH_2M'],
    [{ name: 'ESP32-C3' }, 'ESP32_GENERIC_C3', ''],
    [{ name: 'ESP32-C6' }, 'ESP32_GENERIC_C6', ''],
  ])('%j', (more, board, variant) => {
    expect(boardForChip({ ...chip, ...more })).toMatchObject({ board, variant });
  });

  it('is none for a chip that MicroPython does not run on', () => {
    expect(boardForChip({ ...chip, name: 'ESP32-H21' })).toBeUndefined();
  });
});
