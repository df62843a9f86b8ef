import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { recognise } from '../../../src/firmware/recognise.js';
import { connectLoader } from '../../../src/loader/connect-loader.js';
import { flashFirmware } from '../../../src/loader/flash-firmware.js';
import type { Loader } from '../../../src/loader/loader.js';
import type { LoaderOptions } from '../../../src/loader/loader-options.js';
import { ChipPort } from '../../support/chip-port.js';
import { buildApp, buildFirmware, buildPartitionTable, pattern } from '../../support/images.js';

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

/** The first write also clears a byte elsewhere. */
function spoilOnce(port: ChipPort, offset: number): void {
  const program = port.flash.program.bind(port.flash);
  port.flash.program = (at, bytes) => {
    port.flash.program = program;
    program(at, bytes);
    program(offset, Uint8Array.of(0));
  };
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

    it('writes again, and tells, what was spoilt beside what it wrote', async () => {
      const notices: string[] = [];
      const port = new ChipPort();
      const loader = await connectLoader(port, { onNotice: (notice) => notices.push(notice) });
      // All is as it should be but one sector, so nothing else is written.
      port.flash.program(0, wholeChip);
      port.flash.program(0x18000, new Uint8Array(16));
      spoilOnce(port, 0x11800);
      await flashFirmware(loader, file);
      expectFlashed(port);
      expect(notices).toEqual([expect.stringMatching(/^4096 bytes beside what was written had changed/)]);
    });

    it.each([
      ['files that were to be kept', { keepFiles: true }, 0x345678],
      ['what lies beside a part', { offset: 0x10000 }, 0x0000],
    ])('says so when %s were spoilt', async (_name, options, spoilt) => {
      const { port, loader } = await start();
      port.flash.erase(0, 0x10000);
      port.flash.program(0x8000, buildPartitionTable());
      port.flash.program(0x200000, pattern(0x200000, 9));
      spoilOnce(port, spoilt);
      const app = buildApp(200_000);
      const part = { path: 'app.bin', bytes: app, recognised: recognise(app) };
      await expect(
        flashFirmware(loader, 'keepFiles' in options ? file : part, options),
      ).rejects.toMatchObject({
        code: 'loader/neighbours-changed',
        exitCode: 1,
        message: expect.not.stringContaining('The chip holds only part') as string,
        hint: expect.stringContaining('upyw restore') as string,
        details: {
          changedBytes: 0x10000,
          firstOffset: spoilt & ~0xffff,
          endOffset: (spoilt & ~0xffff) + 0x10000,
        },
      });
    });

    it('takes a digest that the line garbled for what it is', async () => {
      const { port, loader } = await start();
      port.flash.erase(0, 0x10000);
      port.flash.program(0x8000, buildPartitionTable());
      port.flash.program(0x200000, pattern(0x200000, 9));
      let digests = 0;
      port.toComputer = (answer) => {
        // An answer to SPI_FLASH_MD5: its header, 16 bytes, two of status.
        const isDigest = answer[1] === 1 && answer[2] === 0x13;
        return isDigest && ++digests % 7 === 0 ? answer.with(12, (answer[12] ?? 0) ^ 0x10) : answer;
      };
      await flashFirmware(loader, file, { keepFiles: true });
      expect(digests).toBeGreaterThan(100);
      port.toComputer = (answer) => answer;
      expect(port.flash.read(0x1000, firmware.length)).toEqual(firmware);
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
