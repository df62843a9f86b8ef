import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPort, type Port } from 'upyw';
import { Listener } from '../support/listen.js';

/** SYNC as a client frames it. */
const sync = Uint8Array.of(
  ...[0xc0, 0x00, 0x08, 0x24, 0, 0, 0, 0, 0, 0x07, 0x07, 0x12, 0x20],
  ...Array<number>(32).fill(0x55),
  0xc0,
);
const syncAnswer = '\xc0\x01\x08\x04\x00\x07\x07\x12\x20\x00\x00\x00\x00\xc0';

describe('a virtual board that is reset', () => {
  let folder: string;
  let port: Port | undefined;
  const before = process.env['UPYW_SIM_DIR'];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'upyw-boot-'));
    process.env['UPYW_SIM_DIR'] = folder;
  });
  afterEach(async () => {
    await port?.close();
    rmSync(folder, { recursive: true });
    if (before === undefined) delete process.env['UPYW_SIM_DIR'];
    else process.env['UPYW_SIM_DIR'] = before;
  });

  async function open(options = ''): Promise<Port> {
    port = await openPort(`sim:board?${options}`);
    return port;
  }

  async function reset(board: Port, into: 'loader' | 'firmware'): Promise<void> {
    await board.setLines({ dtr: false, rts: true });
    await board.setLines(into === 'loader' ? { dtr: true, rts: false } : { rts: false });
  }

  function keepFlash(change: (flash: Uint8Array) => void): void {
    const path = join(folder, 'board', 'flash.bin');
    const flash = new Uint8Array(readFileSync(path));
    change(flash);
    writeFileSync(path, flash);
  }

  it('runs what is in flash, or waits for download, as IO0 says', async () => {
    const board = await open('unpaced');
    const listener = new Listener(board);
    await reset(board, 'firmware');
    await listener.until('boot:0x13 (SPI_FAST_FLASH_BOOT)');
    await listener.until('>>> ');
    await reset(board, 'loader');
    await listener.until('boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))\r\nwaiting for download\r\n');
    void board.write(sync);
    await listener.until(syncAnswer.repeat(8));
  });

  it('prints what the ROM prints when its flash is empty, resets itself, and still answers in download mode', async () => {
    mkdirSync(join(folder, 'board'));
    writeFileSync(join(folder, 'board', 'flash.bin'), '');
    const board = await open();
    const listener = new Listener(board);
    await listener.until('rst:0x10 (RTCWDT_RTC_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)');
    expect(listener.said.match(/invalid header: 0xffffffff/g)?.length).toBeGreaterThan(3);
    await reset(board, 'loader');
    await listener.until('waiting for download');
  });

  it('names what is wrong with a damaged application, and does not start it', async () => {
    await (await open('unpaced')).close();
    keepFlash((flash) => {
      flash[0x20100] = (flash[0x20100] ?? 0) ^ 0x10;
    });
    const board = await open('unpaced');
    const listener = new Listener(board);
    await reset(board, 'firmware');
    await listener.until('esp_image: Checksum failed');
    await listener.until('rst:0xc (SW_CPU_RESET)');
    expect(listener.said).not.toContain('>>>');
  });

  it('keeps to its buttons where there is no auto-reset circuit', async () => {
    const board = await open('unpaced&fault=buttons:300');
    const listener = new Listener(board);
    await reset(board, 'loader');
    expect(listener.said).not.toContain('waiting for download');
    await listener.until('waiting for download');
  });

  it('is gone when it loses power', async () => {
    const board = await open('unpaced&fault=power-loss:100');
    const listener = new Listener(board);
    void board.write(new Uint8Array(99)).catch(() => undefined);
    void board.write(new Uint8Array(99)).catch(() => undefined);
    expect(await listener.untilClosed()).toMatchObject({ code: 'port/lost' });
    await expect(board.write(new Uint8Array(1))).rejects.toMatchObject({ code: 'port/lost' });
    await board.close();
    port = await openPort('sim:board?unpaced');
  });

  it('falls silent in the middle of what it says', async () => {
    const board = await open('unpaced&fault=silence:30');
    const listener = new Listener(board);
    await reset(board, 'loader');
    await listener.until('ets Jun  8 2016 00:22:57\r\n\r\nrs');
    void board.write(sync);
    await expect(listener.until('\xc0', 300)).rejects.toThrow('said only');
    expect(listener.said).toHaveLength(30);
  });

  it('is not understood above the rate its line carries', async () => {
    const board = await open('unpaced&fault=max-baud:57600');
    const listener = new Listener(board);
    await reset(board, 'loader');
    await expect(listener.until('waiting for download', 300)).rejects.toThrow('said only');
    expect(listener.said.length).toBeGreaterThan(50);
  });

  it('refuses faults it does not know', async () => {
    await expect(open('fault=gremlins')).rejects.toMatchObject({ code: 'sim/bad-option' });
  });
});
