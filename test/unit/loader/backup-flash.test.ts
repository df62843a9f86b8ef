import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backupFlash } from '../../../src/loader/backup-flash.js';
import { connectLoader } from '../../../src/loader/connect-loader.js';
import type { Loader } from '../../../src/loader/loader.js';
import { ChipPort } from '../../support/chip-port.js';
import type { ChipPortOptions } from '../../support/chip-port.js';
import { buildFirmware, pattern } from '../../support/images.js';
import { has } from '../../support/systems.js';

const flashSizeBytes = 0x400000;
let folders: string;
beforeAll(async () => {
  folders = await mkdtemp(join(tmpdir(), 'upyw-backup-'));
});
afterAll(async () => {
  await rm(folders, { recursive: true });
});

interface Setup {
  readonly port: ChipPort;
  readonly loader: Loader;
  /** Empty, and where the backup goes. */
  readonly folder: string;
  readonly path: string;
}

async function start(options: ChipPortOptions = {}, stub = true): Promise<Setup> {
  const port = new ChipPort(options);
  const loader = await connectLoader(port, { stub });
  const folder = await mkdtemp(join(folders, 'one-'));
  return { port, loader, folder, path: join(folder, 'chip.bin') };
}

async function expectBackup({ port, folder, path }: Setup): Promise<void> {
  const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
  const bytes = await readFile(path);
  expect(bytes.length).toBe(flashSizeBytes);
  expect(md5(bytes)).toBe(md5(port.flash.read(0, flashSizeBytes)));
  expect(await readdir(folder)).not.toContainEqual(expect.stringContaining('.part'));
}

/** A board in use: firmware, settings, files, and nothing in between. */
function use({ port }: Setup): void {
  port.flash.program(0x1000, buildFirmware());
  port.flash.program(0x9000, pattern(3000, 1));
  port.flash.program(0x200000, pattern(0x21234, 2));
  port.flash.program(0x3ff000, pattern(0x1000, 3));
}

describe.concurrent('backupFlash', () => {
  it('copies the chip to the byte, without reading what is erased', async () => {
    const setup = await start();
    const { loader, path } = setup;
    use(setup);
    const result = await backupFlash(loader, path);
    await expectBackup(setup);
    expect(result).toMatchObject({ offset: 0, sizeBytes: flashSizeBytes, readBytes: 0x70000 });
    expect(result.readBytes + result.blankBytes + result.referenceBytes).toBe(flashSizeBytes);
    if (has('file modes')) expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(result.sha256).toBe(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
  });

  it('copies it without a stub too', async () => {
    const setup = await start({}, false);
    const { port, loader, path } = setup;
    port.flash.program(0x1000, pattern(500, 1));
    await backupFlash(loader, path);
    await expectBackup(setup);
  });

  it('takes from a reference what is equal there', async () => {
    const setup = await start();
    const { port, loader, path } = setup;
    use(setup);
    await backupFlash(loader, path);
    port.flash.program(0x205000, new Uint8Array(10));
    const second = await backupFlash(loader, path, { reference: path });
    await expectBackup(setup);
    expect(second).toMatchObject({ readBytes: 0x10000, referenceBytes: 0x60000 });
  });

  it('is not fooled by a shorter reference', async () => {
    const setup = await start();
    const { port, loader, folder, path } = setup;
    use(setup);
    const reference = join(folder, 'short.bin');
    await writeFile(reference, port.flash.read(0, 0x12345));
    const result = await backupFlash(loader, path, { reference });
    await expectBackup(setup);
    expect(result.referenceBytes).toBe(0x10000);
  });

  it('copies a part, of any size', async () => {
    const setup = await start();
    const { port, loader, path } = setup;
    use(setup);
    await backupFlash(loader, path, { offset: 0x1234, sizeBytes: 0x10111 });
    expect(new Uint8Array(await readFile(path))).toEqual(port.flash.read(0x1234, 0x10111));
  });

  it('refuses parts that are not there', async () => {
    const setup = await start();
    const { loader, path } = setup;
    for (const options of [{ offset: flashSizeBytes }, { sizeBytes: flashSizeBytes + 1 }, { sizeBytes: 0 }]) {
      await expect(backupFlash(loader, path, options)).rejects.toMatchObject({ code: 'usage/bad-value' });
    }
  });

  it.each([
    ['loses a byte', (bytes: Uint8Array) => bytes.subarray(1)],
    ['doubles a byte', (bytes: Uint8Array) => Uint8Array.of(bytes[0]!, ...bytes)],
    ['flips a bit', (bytes: Uint8Array) => bytes.with(10, bytes[10]! ^ 1)],
    ['loses a frame', () => new Uint8Array(0)],
    ['loses the end of a frame', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1)],
  ])('reads again where the line %s', async (_name, damage) => {
    const setup = await start();
    const { port, loader, path } = setup;
    use(setup);
    let long = 0;
    port.toComputer = (bytes) =>
      bytes.length > 3000 && (++long === 5 || long === 70) ? damage(bytes) : bytes;
    await backupFlash(loader, path);
    await expectBackup(setup);
  });

  it('goes on after an acknowledgement that got lost', async () => {
    const setup = await start();
    const { port, loader, path } = setup;
    use(setup);
    let count = 0;
    port.toChip = (bytes) =>
      bytes.length >= 6 && bytes.length <= 8 && ++count === 7 ? new Uint8Array(0) : bytes;
    await backupFlash(loader, path);
    await expectBackup(setup);
  });

  it('takes a frame that arrives in one piece with the answer before it', async () => {
    const setup = await start({ latencyTimerMs: 8 });
    const { loader, path } = setup;
    use(setup);
    const startMs = performance.now();
    await backupFlash(loader, path);
    await expectBackup(setup);
    // Not one stall: each would cost more than a second.
    expect(performance.now() - startMs).toBeLessThan(64 * 20 + 112 * 20 + 2000);
  });

  it('never has two acknowledgements on the way', async () => {
    const setup = await start({ latencyMs: 1 });
    const { port, loader, path } = setup;
    use(setup);
    let onTheWay = 0;
    port.toChip = (bytes) => {
      if (bytes.length >= 6 && bytes.length <= 8) {
        expect(++onTheWay).toBe(1);
        setTimeout(() => onTheWay--, 1);
      }
      return bytes;
    };
    await backupFlash(loader, path, { sizeBytes: 0x20000 });
  });

  it('gives up on a line that damages everything, and leaves no file', async () => {
    const setup = await start();
    const { port, loader, folder, path } = setup;
    use(setup);
    port.toComputer = (bytes) => (bytes.length > 1000 ? bytes.with(500, 0x33) : bytes);
    await expect(backupFlash(loader, path, { sizeBytes: 0x10000 })).rejects.toMatchObject({
      code: 'loader/read-damaged',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([1, 3, 20])('ends at once when the cable is pulled at frame %i, and leaves no file', async (at) => {
    const setup = await start();
    const { port, loader, folder, path } = setup;
    use(setup);
    let frames = 0;
    port.toComputer = (bytes) => {
      if (bytes.length > 3000 && ++frames === at) port.unplug();
      return bytes;
    };
    const startMs = performance.now();
    await expect(backupFlash(loader, path)).rejects.toMatchObject({ code: 'port/lost' });
    expect(performance.now() - startMs).toBeLessThan(1000);
    expect(await readdir(folder)).toEqual([]);
  });

  it('ends when it is interrupted, and leaves no file and a loader that answers', async () => {
    const setup = await start();
    const { port, loader, folder, path } = setup;
    use(setup);
    const controller = new AbortController();
    port.toComputer = (bytes) => {
      if (bytes.length > 3000) controller.abort();
      return bytes;
    };
    await expect(backupFlash(loader, path, { signal: controller.signal })).rejects.toMatchObject({
      code: 'run/interrupted',
    });
    expect(await readdir(folder)).toEqual([]);
    expect(await loader.answers(500)).toBe(true);
  });

  it('leaves an older backup alone when it fails', async () => {
    const setup = await start();
    const { port, loader, path } = setup;
    use(setup);
    await writeFile(path, 'older');
    port.toComputer = (bytes) => {
      if (bytes.length > 3000) port.unplug();
      return bytes;
    };
    await expect(backupFlash(loader, path)).rejects.toMatchObject({ code: 'port/lost' });
    expect(await readFile(path, 'utf8')).toBe('older');
  });

  it('explains a folder that is not there, and one in place of the reference', async () => {
    const setup = await start();
    const { loader, folder, path } = setup;
    await expect(backupFlash(loader, join(folder, 'none', 'x.bin'))).rejects.toMatchObject({
      code: 'file/not-found',
    });
    await expect(backupFlash(loader, path, { reference: folder })).rejects.toMatchObject({
      code: 'file/is-folder',
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
