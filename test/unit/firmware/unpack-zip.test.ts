import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { isZip, unpackFirmware } from '../../../src/firmware/unpack-zip.js';
import { buildApp, buildBackup, buildFirmware, pattern } from '../../support/images.js';

const firmware = buildFirmware();
const note = new TextEncoder().encode('Read me.');

/** What went wrong, in words. */
const trouble = (zip: Uint8Array): Promise<unknown> =>
  unpackFirmware(zip, 'x.zip').catch((error: unknown) => error);

describe('unpackFirmware', () => {
  it.each([
    ['alone', { 'fw.bin': firmware }],
    [
      'in a folder, among others',
      { 'a/README.txt': note, 'a/fw.bin': firmware, 'a/other.bin': pattern(500, 1) },
    ],
    ['beside its parts', { 'fw.bin': firmware, 'app.bin': buildApp(1000) }],
    ['packed on a Mac', { 'fw.bin': firmware, '__MACOSX/._fw.bin': pattern(200, 2) }],
    ['with an ending in capitals', { 'FW.BIN': firmware }],
  ])('takes the firmware %s', async (_name, files) => {
    const zip = zipSync(files);
    expect(isZip(zip)).toBe(true);
    const { entry, bytes, recognised } = await unpackFirmware(zip, 'x.zip');
    expect(entry.toLowerCase()).toMatch(/fw\.bin$/);
    expect(Buffer.compare(bytes, firmware)).toBe(0);
    expect(recognised.kind).toBe('firmware');
  });

  it('takes a backup, and the one .bin file there is, whatever is in it', async () => {
    const backup = zipSync({ 'b.bin': buildBackup() });
    expect(await unpackFirmware(backup, 'x.zip')).toMatchObject({ recognised: { kind: 'backup' } });
    const app = zipSync({ 'app.bin': buildApp(1000), 'notes.txt': note });
    expect(await unpackFirmware(app, 'x.zip')).toMatchObject({
      entry: 'app.bin',
      recognised: { kind: 'application' },
    });
  });

  it('says what is in it when that is none or several', async () => {
    expect(await trouble(zipSync({ 'a.bin': firmware, 'b.bin': firmware }))).toMatchObject({
      code: 'firmware/zip',
      message: 'there is more than one firmware in x.zip: a.bin, b.bin',
      hint: expect.stringContaining('Unpack it and give the .bin file') as string,
    });
    expect(await trouble(zipSync({ 'notes.txt': note }))).toMatchObject({
      message: 'there is no .bin file in x.zip',
    });
  });

  it.each([
    ['cut off', (zip: Uint8Array) => zip.subarray(0, 5000)],
    ['garbled', (zip: Uint8Array) => zip.fill(0x55, 60, 9000)],
    ['only a beginning', (zip: Uint8Array) => zip.subarray(0, 4)],
  ])('says that one that is %s cannot be unpacked', async (_name, damage) => {
    const error = await trouble(damage(zipSync({ 'fw.bin': firmware })));
    expect(error).toMatchObject({
      code: 'firmware/zip',
      message: expect.stringContaining('cannot be unpacked') as string,
    });
  });

  it('unpacks no more than the archive says, and nothing that no flash could hold', async () => {
    const zip = zipSync({ 'fw.bin': new Uint8Array(0x100000) });
    const claims = (sizeBytes: number): Uint8Array => {
      const bytes = Uint8Array.from(zip);
      const view = new DataView(bytes.buffer);
      const directory = Buffer.from(bytes).indexOf(Buffer.from('PK\u0001\u0002'));
      view.setUint32(directory + 24, sizeBytes, true);
      return bytes;
    };
    expect((await unpackFirmware(claims(0x1000), 'x.zip')).bytes.length).toBe(0x1000);
    expect(await trouble(claims(0xf0000000))).toMatchObject({ message: 'there is no .bin file in x.zip' });
    const many = Object.fromEntries(
      Array.from({ length: 3 }, (_, at) => [`${at}.bin`, new Uint8Array(0x1f00000)]),
    );
    expect(await trouble(zipSync(many))).toMatchObject({ message: 'x.zip cannot be unpacked: too large' });
  });
});
