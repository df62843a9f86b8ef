import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { recognise } from '../../../src/firmware/recognise.js';
import { connectLoader } from '../../../src/loader/connect-loader.js';
import { flashFirmware } from '../../../src/loader/flash-firmware.js';
import type { Loader } from '../../../src/loader/loader.js';
import type { LoaderOptions } from '../../../src/loader/loader-options.js';
import { ChipPort } from '../../support/chip-port.js';
import { buildApp, buildFirmware, pattern } from '../../support/images.js';

const firmware = buildFirmware({ app: buildApp(200_000) });
const file = { path: 'fw.bin', bytes: firmware, recognised: recognise(firmware) };
const wholeChip = new Uint8Array(0x400000).fill(0xff);
wholeChip.set(firmware, 0x1000);

/** Connected, the flash full of something else. */
async function start(options: LoaderOptions = {}): Promise<{ port: ChipPort; loader: Loader }> {
  const port = new ChipPort();
  port.flash.program(0x1000, pattern(0x50000, 7));
  return { port, loader: await connectLoader(port, options) };
}

function expectFlashed(port: ChipPort): void {
  const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
  expect(md5(port.flash.read(0, 0x400000))).toBe(md5(wholeChip));
}

/** Counts the frames with data that pass, and does something to some. */
function onDataFrame(port: ChipPort, action: (bytes: Uint8Array, index: number) => Uint8Array): void {
  let index = 0;
  port.toChip = (bytes) => (bytes.length > 1000 ? action(bytes, index++) : bytes);
}

describe.concurrent('flashing', () => {
  describe.concurrent('over a bad line', () => {
    it.each([
      ['loses a byte', (bytes: Uint8Array) => bytes.filter((_byte, at) => at !== 500)],
      [
        'doubles a byte',
        (bytes: Uint8Array) => Uint8Array.of(...bytes.subarray(0, 500), bytes[500]!, ...bytes.subarray(500)),
      ],
      ['flips a bit', (bytes: Uint8Array) => bytes.with(500, bytes[500]! ^ 0x20)],
      ['loses the end of a frame', (bytes: Uint8Array) => bytes.subarray(0, 5000)],
      ['loses a frame', () => new Uint8Array(0)],
    ])('arrives whole where the line %s', async (_name, damage) => {
      const { port, loader } = await start();
      onDataFrame(port, (bytes, index) => (index === 2 ? damage(bytes) : bytes));
      await flashFirmware(loader, file);
      expectFlashed(port);
    });

    it.each([3, 12])('arrives whole where answer %i is lost', async (at) => {
      const { port, loader } = await start();
      let answers = 0;
      onDataFrame(port, (bytes) => {
        const wanted = ++answers === at;
        port.toComputer = (answer) => {
          port.toComputer = (next) => next;
          return wanted ? new Uint8Array(0) : answer;
        };
        return bytes;
      });
      await flashFirmware(loader, file);
      expectFlashed(port);
    });

    it('goes on more slowly where trouble does not end, and says so', async () => {
      const notices: string[] = [];
      const { port, loader } = await start({ onNotice: (notice) => notices.push(notice) });
      onDataFrame(port, (bytes) => (port.baudRate > 500_000 ? bytes.with(600, 0x11) : bytes));
      await flashFirmware(loader, file);
      expectFlashed(port);
      expect(port.baudRate).toBe(460_800);
      expect(notices).toEqual(['the line is disturbed; going on at 460800 baud']);
    });
  });

  describe.concurrent('that does not end well', () => {
    it.each([0, 1, 5, 10])(
      'says what state the chip is in when the cable is pulled at frame %i',
      async (at) => {
        const { port, loader } = await start();
        onDataFrame(port, (bytes, index) => {
          if (index === at) port.unplug();
          return bytes;
        });
        const startMs = performance.now();
        await expect(flashFirmware(loader, file)).rejects.toMatchObject({
          code: 'port/lost',
          exitCode: 3,
          message: expect.stringContaining(
            'The chip holds only part of the firmware and does not start',
          ) as string,
          hint: expect.stringContaining('upyw flash fw.bin') as string,
        });
        expect(performance.now() - startMs).toBeLessThan(5000);
      },
    );

    it('says nothing of the kind when nothing was changed yet', async () => {
      const { port, loader } = await start();
      port.unplug();
      await expect(flashFirmware(loader, file)).rejects.toMatchObject({
        code: 'port/lost',
        message: expect.not.stringContaining('The chip holds') as string,
      });
    });

    it('stops when it is interrupted, and the next time goes on where it stopped', async () => {
      const { port, loader } = await start();
      const controller = new AbortController();
      onDataFrame(port, (bytes, index) => {
        if (index === 6) controller.abort();
        return bytes;
      });
      await expect(flashFirmware(loader, file, { signal: controller.signal })).rejects.toMatchObject({
        code: 'run/interrupted',
        exitCode: 130,
        message: expect.stringContaining('only part of the firmware') as string,
      });
      loader.dispose();

      const again = await connectLoader(port);
      const result = await flashFirmware(again, file);
      expectFlashed(port);
      expect(result.writtenBytes).toBeLessThan(firmware.length / 2);
    });

    it('tries a write that did not stick once more', async () => {
      const { port, loader } = await start();
      const program = port.flash.program.bind(port.flash);
      let failures = 0;
      port.flash.program = (offset, bytes) => {
        if (offset <= 0x20000 && offset + bytes.length > 0x20000 && failures++ === 0) return;
        program(offset, bytes);
      };
      await flashFirmware(loader, file);
      expect(failures).toBeGreaterThan(1);
      expectFlashed(port);
    });

    it.each(['program', 'erase'] as const)('gives up on a flash that does not %s', async (kind) => {
      const { port, loader } = await start();
      const real = port.flash[kind].bind(port.flash) as (offset: number, what: number | Uint8Array) => void;
      port.flash[kind] = (offset: number, what: number | Uint8Array) => {
        if (offset !== 0x20000) real(offset, what);
      };
      await expect(flashFirmware(loader, file)).rejects.toMatchObject({
        code: 'loader/write-failed',
        hint: expect.stringContaining('upyw flash fw.bin') as string,
      });
    });

    it('ends within seconds when the chip falls silent', async () => {
      const { port, loader } = await start({ baudRate: 115_200 });
      onDataFrame(port, (bytes, index) => {
        if (index === 4) {
          port.toChip = () => new Uint8Array(0);
          port.setLines = () => Promise.resolve();
          return new Uint8Array(0);
        }
        return bytes;
      });
      const startMs = performance.now();
      await expect(flashFirmware(loader, file)).rejects.toMatchObject({ code: 'loader/no-sync' });
      expect(performance.now() - startMs).toBeLessThan(15_000);
    });
  });
});
