import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseImage } from '../../src/firmware/esp-image.js';
import type { EspImage } from '../../src/firmware/esp-image.js';
import { formatRevision } from '../../src/firmware/check-firmware.js';
import { buildStandIn } from '../../src/sim/chip/stand-in.js';
import { buildApp, buildImage, pattern } from '../support/images.js';
import { describeWithPeers } from '../support/peers.js';

/** What both say of an image, field by field. */
type Fields = Record<string, string>;

function theirs(text: string): Fields {
  const field = (name: string): string => new RegExp(`^${name}: *(.*?) *$`, 'm').exec(text)?.[1] ?? '';
  const segments = [...text.matchAll(/^ +\d+ +0x([0-9a-f]+) +0x([0-9a-f]+) +0x([0-9a-f]+)/gm)];
  return {
    chip: field('Detected image type'),
    chipId: field('Chip ID').replace(/ .*/, ''),
    entry: field('Entry point'),
    flashSize: field('Flash size'),
    flashMode: field('Flash mode'),
    wpPin: field('WP pin').replace(/ .*/, ''),
    minRevision: field('Minimal chip revision').replace(/,.*/, ''),
    maxRevision: field('Maximal chip revision'),
    segments: segments
      .map(([, ...numbers]) => numbers.map((digits) => parseInt(digits, 16)).join(' '))
      .join(', '),
    checksum: field('Checksum').replace(' - calculated', ''),
    sha256: field('Validation hash'),
    project: field('Project name'),
    version: field('App version'),
    compiledAt: field('Compile time').replace(/ {2,}/, ' '),
    idf: field('ESP-IDF'),
    elfSha256: field('ELF file SHA256'),
    secureVersion: field('Secure version'),
  };
}

function ours(image: EspImage): Fields {
  const { app, checksum, sha256 } = image;
  const hex = (value: number): string => `0x${value.toString(16)}`;
  const computed = checksum.computed.toString(16).padStart(2, '0');
  return {
    chip: image.chip?.name ?? '',
    chipId: String(image.chipId),
    entry: hex(image.entryAddress),
    flashSize: `${(image.flashSizeBytes ?? 0) / 0x100000}MB`,
    flashMode: image.flashMode?.toUpperCase() ?? '',
    wpPin: hex(image.wpPin),
    minRevision: formatRevision(image.minRevision),
    maxRevision: formatRevision(image.maxRevision),
    // They show the place of the segment's header, 8 bytes before its data.
    segments: image.segments
      .map(({ sizeBytes, address, fileOffset }) => [sizeBytes, address, fileOffset - 8].join(' '))
      .join(', '),
    checksum: `${hex(checksum.stored)} (${checksum.valid ? 'valid' : `invalid ${computed}`})`,
    // They show what it should be.
    sha256: sha256 === undefined ? '' : `${sha256.computed} (${sha256.valid ? 'valid' : 'invalid'})`,
    project: app?.projectName ?? '',
    version: app?.version ?? '',
    compiledAt: app?.compiledAt ?? '',
    idf: app?.idfVersion ?? '',
    elfSha256: app?.elfSha256 ?? '',
    secureVersion: app === undefined ? '' : String(app.secureVersion),
  };
}

describeWithPeers('esptool image_info, and our parser', ['esptool'], () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'upyw-image-info-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  async function imageInfo(
    bytes: Uint8Array,
    name: string,
  ): Promise<{ exitCode: number | undefined; text: string }> {
    const path = join(folder, `${name.replaceAll(' ', '-')}.bin`);
    writeFileSync(path, bytes);
    const { exitCode, all } = await execa('esptool', ['image_info', '--version', '2', path], {
      all: true,
      reject: false,
    });
    // It prints text fields with the zeros that fill them up.
    return { exitCode, text: all.replaceAll('\0', '') };
  }

  const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, (bytes[at] ?? 0) ^ 0x10);
  const app = buildApp(5000, { minRevision: 301, maxRevision: 399, sizeAndFrequency: 0x2f, flashMode: 0 });
  const images: [string, Uint8Array][] = [
    ['ESP32 application', app],
    ['ESP32 bootloader', buildImage({ sizeAndFrequency: 0x40, flashMode: 3 })],
    ['image without SHA-256', buildImage({ hashAppended: false })],
    ['application with names', buildApp(3000, { names: ['blink', 'v1.0-dirty'] })],
    ['stand-in of the virtual board', buildStandIn()],
    ['ESP32-S2 application', buildApp(3000, { chipId: 2 })],
    [
      'ESP32-C3 application',
      buildApp(3000, { chipId: 5, constantsAddress: 0x3c000020, minRevision: 3, maxRevision: 199 }),
    ],
    ['ESP32-S3 bootloader', buildImage({ chipId: 9 })],
    ['ESP32-C2 bootloader', buildImage({ chipId: 12 })],
    ['ESP32-C6 application', buildApp(3000, { chipId: 13, constantsAddress: 0x42800020 })],
    ['ESP32-H2 application', buildApp(3000, { chipId: 16, constantsAddress: 0x42800020 })],
    ['ESP32-P4 bootloader', buildImage({ chipId: 18 })],
    ['flipped bit in the code', flip(app, 12_345)],
    ['flipped bit in the header', flip(app, 5)],
    ['flipped bit in the checksum', flip(app, app.length - 33)],
    ['flipped bit in the SHA-256', flip(app, app.length - 1)],
    ['application with bytes behind it', Uint8Array.of(...app, ...pattern(500, 3))],
  ];

  it.concurrent.each(images)('agree on the %s', async (name, bytes) => {
    const { text, exitCode } = await imageInfo(bytes, name);
    expect(exitCode).toBe(0);
    const { image } = parseImage(bytes);
    expect(ours(image!)).toEqual(theirs(text));
  });

  it.concurrent.each([
    ['cut off in a segment', app.subarray(0, 9000)],
    ['cut off in its header', app.subarray(0, 20)],
    ['other than an image', flip(app, 0)],
    ['said to have 200 segments', app.with(1, 200)],
  ])('agree that a file is %s', async (name, bytes) => {
    expect((await imageInfo(bytes, name)).exitCode).not.toBe(0);
    expect(parseImage(bytes).image).toBeUndefined();
  });
});
